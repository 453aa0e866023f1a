//! The service without its network: a request in, an answer out. Every door leads here.

mod assertion;
mod consumer_token;
mod operation;
mod problem;
mod replay;
mod router;
mod schema;
mod well_known;

use std::sync::Mutex;

use aws_lc_rs::rand;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::Error;
use crate::jose::SigningKey;
use problem::{Detail, Problem};
use replay::UsedIds;

/// The largest request body that is read, in bytes.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// The whole service: its key, its memory, its rules.
#[derive(Debug)]
pub(crate) struct Engine {
    base_url: String,
    consumer_audiences: Vec<String>,
    clock: Clock,
    key: SigningKey,
    used_ids: Mutex<UsedIds>,
}

/// A request that was routed and validated.
pub(crate) struct Call<'a> {
    engine: &'a Engine,
    /// The body's members; empty for operations without a body.
    body: Map<String, Value>,
}

/// What an operation answers when it does not refuse.
pub(crate) enum Answer {
    Json(Value),
}

pub(crate) type Outcome = Result<Answer, Problem>;

impl Engine {
    /// An engine reachable at `http://127.0.0.1:{port}`.
    pub(crate) fn new(port: u16, clock: Clock) -> Result<Self, Error> {
        Ok(Self {
            base_url: format!("http://127.0.0.1:{port}/iam"),
            consumer_audiences: consumer_audiences(port),
            clock,
            key: SigningKey::generate().ok_or_else(|| Error::crypto("generate a signing key"))?,
            used_ids: Mutex::default(),
        })
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Answers `request`. Never fails: what goes wrong is answered as the contract says.
    pub(crate) async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        respond(self.answer(&request))
    }

    /// The answer to a request whose body is larger than [`MAX_BODY`].
    pub(crate) fn body_too_large(&self) -> Response<Bytes> {
        respond(Err(too_large()))
    }

    fn answer(&self, request: &Request<Bytes>) -> Outcome {
        let operation = router::route(request.method(), request.uri().path())?;
        let mut call = Call { engine: self, body: Map::new() };
        if let Some(schema) = operation.body {
            call.body = json_body(request)?;
            let faults = schema.faults(&call.body);
            if !faults.is_empty() {
                return Err(Problem::invalid(faults));
            }
        }
        (operation.answer)(&call)
    }
}

impl Call<'_> {
    /// A text member of the validated body.
    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }
}

fn json_body(request: &Request<Bytes>) -> Result<Map<String, Value>, Problem> {
    if request.body().len() > MAX_BODY {
        return Err(too_large());
    }
    let content_type =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let detail = Detail::of("content-type", "must be application/json", "header");
        return Err(Problem::invalid(vec![detail]));
    }
    match serde_json::from_slice(request.body()) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Problem::invalid_body("must be a JSON object")),
        Err(error) => {
            let issue = format!("is not valid JSON (line {}, column {})", error.line(), error.column());
            Err(Problem::invalid_body(issue))
        }
    }
}

fn too_large() -> Problem {
    Problem::invalid_body(format!("must not be larger than {MAX_BODY} bytes"))
}

/// The answer on the wire, with the trace id that every answer carries.
fn respond(outcome: Outcome) -> Response<Bytes> {
    let trace_id = random_uuid().to_string();
    let mut response = match outcome {
        Ok(Answer::Json(body)) => json_response(StatusCode::OK, &body),
        Err(problem) => problem.into_response(&trace_id),
    };
    if let Ok(trace_id) = HeaderValue::try_from(trace_id) {
        response.headers_mut().insert("x-trace-id", trace_id);
    }
    response
}

fn json_response(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn random_uuid() -> Uuid {
    let mut bytes = [0; 16];
    // Failing randomness shows in key generation and signing, which do fail; an id alone is no reason to.
    let _ = rand::fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// The consumer token endpoint's URL in every spelling under which it is reachable.
fn consumer_audiences(port: u16) -> Vec<String> {
    ["127.0.0.1", "localhost"]
        .iter()
        .flat_map(|host| {
            ["iam", "cid"].map(|gateway| format!("http://{host}:{port}/{gateway}/v1/consumer/oauth2/token"))
        })
        .collect()
}
