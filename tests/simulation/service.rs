//! The simulated service: tokens, a few operations, and whatever can happen to a request.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use http::header::{AUTHORIZATION, DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;

use crate::judge::{Kind, Outcome, Process};
use crate::transport::{Transport, TransportError, TransportFuture, TransportRequest, TransportResponse};
use crate::world::{self, Moment, World};

pub(crate) const BASE_URL: &str = "https://service.example/iam";
pub(crate) const TOKEN_ENDPOINT: &str = "https://service.example/auth/oauth2/token";
/// The header that tells the calls apart.
pub(crate) const CALL: &str = "x-call";
/// The call of requests that are sent for all.
pub(crate) const OF_NO_CALLER: u64 = 0;

/// The state of the service, which all processes talk to.
#[derive(Default)]
pub(crate) struct ServiceState {
    /// What may happen to requests of operations, and to requests for tokens.
    pub(crate) operations: Weather,
    pub(crate) tokens: Weather,
    pub(crate) lifetime: Duration,
    issued: u64,
    /// By token: until when it is accepted, in true time.
    accepted: BTreeMap<String, Duration>,
    revoked: BTreeSet<String>,
}

/// What happens to a part of the requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weather {
    pub(crate) percent: u64,
    pub(crate) faults: Vec<Fault>,
    /// In milliseconds.
    pub(crate) slowest: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No response.
    Hang,
    /// No connection.
    Connect,
    /// The connection is lost before or after the request was processed.
    Lost,
    /// Success with a body that cannot be read.
    Garbled,
    Status(u16, Option<u64>),
    /// The token is refused although it is good.
    Refuse,
}

impl ServiceState {
    /// After a rotation of its keys, the service accepts none of the tokens it has issued.
    pub(crate) fn revoke_all(&mut self) {
        self.revoked.extend(std::mem::take(&mut self.accepted).into_keys());
    }

    pub(crate) fn is_revoked(&self, token: &str) -> bool {
        self.revoked.contains(token)
    }
}

/// How one process reaches the service.
pub(crate) struct Connection(pub(crate) Process);

impl Transport for Connection {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(respond(self.0, request))
    }
}

async fn respond(process: Process, request: TransportRequest) -> Result<TransportResponse, TransportError> {
    let arrival = world::with(|world| Arrival::of(world, process, &request));
    let (fault, takes) = world::with(|world| world.fate(arrival.asks_for.is_some()));
    let mut in_flight = InFlight { arrival, over: false };
    match fault {
        Some(Fault::Hang) => std::future::pending().await,
        _ => sleep(takes).await,
    }
    in_flight.over = true;
    world::with(|world| world.respond(&in_flight.arrival, fault))
}

/// A request as the service reads it.
struct Arrival {
    process: Process,
    at: Moment,
    /// What it asks for, if it asks for a token.
    asks_for: Option<Kind>,
    token: Option<(Kind, String)>,
    call: u64,
    /// The name of the request: call and page.
    name: String,
    creates: bool,
    path: String,
    query: Option<String>,
}

impl Arrival {
    fn of(world: &mut World, process: Process, request: &TransportRequest) -> Self {
        let path = request.url.path().to_owned();
        let query = request.url.query().map(str::to_owned);
        let call = request.headers.get(CALL).and_then(|call| call.to_str().ok()?.parse().ok());
        let asks_for = match path.as_str() {
            path if path.ends_with("/oauth2/token") => Some(Kind::User),
            path if path.ends_with("/create-project-scoped-token") => Some(Kind::Project),
            _ => None,
        };
        let token = request.headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap());
        let token = token.map(|token| token.rsplit(' ').next().unwrap_or(token).to_owned());
        let token =
            token.map(|token| (if token.starts_with("user") { Kind::User } else { Kind::Project }, token));
        let call = call.unwrap_or(OF_NO_CALLER);
        let creates = request.method == Method::POST;
        let name = format!("{call} {}", query.as_deref().unwrap_or_default());
        let end = path.rsplit('/').next().unwrap_or_default();
        let with = token.as_ref().map_or("nothing", |(_, token)| token);
        match asks_for {
            Some(kind) => {
                world.event(format_args!("process {process} asks for a {kind:?} token with {with}"));
                world.token_requested(process, kind);
            }
            None => {
                world.event(format_args!("process {process} sends {end} of call {call} with {with}"));
                world.request_sent(process, call, &name, !creates);
            }
        }
        world.moment();
        if let Some((kind, token)) = &token {
            let taken = world.token_taken(call);
            world.token_used(process, *kind, token, taken);
        }
        Self { process, at: world.now(), asks_for, token, call, name, creates, path, query }
    }
}

/// Notices when a request is dropped.
struct InFlight {
    arrival: Arrival,
    over: bool,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let Arrival { process, at, asks_for, call, .. } = self.arrival;
        // The world is gone when a request outlives the simulation, which is noticed elsewhere.
        let _ = world::if_present(|world| {
            world.request_over(process, at.monotonic);
            if !self.over {
                world.event(format_args!("process {process} drops a request of call {call} ({asks_for:?})"));
                world.moment();
                if let Some(kind) = asks_for {
                    world.token_request_dropped(process, kind, at.monotonic);
                }
            }
        });
    }
}

impl World {
    /// What happens to a request, and how long it takes.
    fn fate(&mut self, asks_for_token: bool) -> (Option<Fault>, Duration) {
        let weather = if asks_for_token { &self.service.tokens } else { &self.service.operations };
        let Weather { percent, faults, slowest } = weather.clone();
        let fault = (self.random.percent(percent)).then(|| self.random.pick(&faults));
        (fault, self.random.milliseconds(1..slowest.max(200)))
    }

    fn respond(
        &mut self,
        arrival: &Arrival,
        fault: Option<Fault>,
    ) -> Result<TransportResponse, TransportError> {
        let refused = fault == Some(Fault::Refuse) || !self.accepts(arrival.token.as_ref());
        let (outcome, response) = match fault {
            Some(Fault::Connect) => (Outcome::Unprocessed, Err(TransportError::connect("refused"))),
            Some(Fault::Status(status, retry_after)) => {
                self.wait_planned(Duration::from_secs(retry_after.unwrap_or_default()));
                let unprocessed = matches!(status, 429 | 503) && retry_after.is_some();
                let outcome = if unprocessed { Outcome::Unprocessed } else { Outcome::Unknown };
                (outcome, Ok(self.failure(status, "SomeError", retry_after)))
            }
            _ if refused && arrival.token.is_some() => {
                let (_, token) = arrival.token.clone().unwrap();
                self.token_refused(arrival.process, &token);
                let (status, name) =
                    self.random.pick(&[(401, "UnauthorizedError"), (403, "InvalidJwtTokenError")]);
                (Outcome::Refused, Ok(self.failure(status, name, None)))
            }
            Some(Fault::Refuse) => (Outcome::Unknown, Ok(self.failure(401, "invalid_client", None))),
            Some(Fault::Lost) => (Outcome::Unknown, Err(TransportError::connection_lost("reset"))),
            Some(Fault::Garbled) => {
                // For the retry budget, it is a success.
                self.success(arrival.process);
                (Outcome::Unknown, Ok(self.success_with("{\"x")))
            }
            Some(Fault::Hang) | None => {
                let body = match arrival.asks_for {
                    Some(kind) => self.issue(arrival, kind),
                    None => body(arrival),
                };
                (Outcome::Success, Ok(self.success_with(&body)))
            }
        };
        self.event(format_args!(
            "process {} gets {:?} for call {} ({:?}): {fault:?}",
            arrival.process, outcome, arrival.call, arrival.asks_for
        ));
        self.moment();
        match arrival.asks_for {
            Some(_) => {}
            None => self.response_sent(arrival.process, &arrival.name, outcome),
        }
        response
    }

    fn accepts(&self, token: Option<&(Kind, String)>) -> bool {
        let now = self.truth();
        token.is_none_or(|(_, token)| self.service.accepted.get(token).is_some_and(|until| now < *until))
    }

    fn issue(&mut self, arrival: &Arrival, kind: Kind) -> String {
        self.service.issued += 1;
        let number = self.service.issued;
        let lifetime = self.service.lifetime;
        let token = format!("{}-{number}", if kind == Kind::User { "user" } else { "project" });
        self.service.accepted.insert(token.clone(), self.truth() + lifetime);
        self.token_issued(&token, lifetime);
        self.token_received(arrival.process, &token, Duration::ZERO, arrival.at);
        self.token_granted(arrival.process, kind);
        self.event(format_args!("process {} gets {token}", arrival.process));
        match kind {
            Kind::User => json!({"access_token": token, "expires_in": lifetime.as_secs()}),
            Kind::Project => json!({"accessToken": token, "expiresIn": lifetime.as_secs(), "scope": "s"}),
        }
        .to_string()
    }

    fn success_with(&self, body: &str) -> TransportResponse {
        TransportResponse::new(StatusCode::OK, body.to_owned()).with_headers(self.headers())
    }

    fn failure(&self, status: u16, name: &str, retry_after: Option<u64>) -> TransportResponse {
        let mut headers = self.headers();
        headers.extend(retry_after.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
        let body = json!({"name": name, "message": "simulated"}).to_string();
        TransportResponse::new(StatusCode::from_u16(status).unwrap(), body).with_headers(headers)
    }

    fn headers(&self) -> HeaderMap {
        let date = httpdate::fmt_http_date(self.true_date());
        HeaderMap::from_iter([(DATE, HeaderValue::from_str(&date).unwrap())])
    }
}

/// What an operation responds with. The list of projects has four pages of two.
fn body(arrival: &Arrival) -> String {
    let project = |n: u64| {
        json!({"id": format!("p-{n}"), "ari": "ari", "name": "n", "description": "d", "ownerId": "o",
            "createdAt": "2026-01-01T00:00:00Z"})
    };
    let path = arrival.path.as_str();
    if path.ends_with("/whoami") {
        return r#"{"principalId":"p","principalType":"user"}"#.to_owned();
    }
    if path.ends_with("/principals") {
        return r#"{"records":[]}"#.to_owned();
    }
    if arrival.creates || !path.ends_with("/projects") {
        return project(0).to_string();
    }
    let page = arrival.query.as_deref().and_then(|query| query.rsplit("page").next()?.parse::<u64>().ok());
    let page = page.unwrap_or(0);
    let mut body = json!({"projects": [project(2 * page), project(2 * page + 1)]});
    if page < 3 {
        body["lastEvaluatedKey"] = json!(format!("page{}", page + 1));
    }
    body.to_string()
}
