//! Reading a request's query and body: what the gateway refuses before the service sees it, and what the service refuses.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::contract::CONSUMER_AUTH_TOKEN_ENDPOINT_INPUT;
use super::narrowing::Judge;
use super::operation::{Body, Operation};
use super::problem::{Detail, Problem};
use super::schema::{NOTHING, Object};
use super::validation;

/// The largest request body that is read, in bytes: the limit of AWS API Gateway.
pub(crate) const MAX_BODY: usize = 10 << 20;

type Fields = Map<String, Value>;

/// The published schema of the consumer token request, which allows no further fields.
static CLOSED_CONSUMER_INPUT: Object = Object { open: false, ..CONSUMER_AUTH_TOKEN_ENDPOINT_INPUT };

/// The query's and the body's fields, after the checks that are made in front of the service: presence of query parameters,
/// the media type, and the body against the contract's schema.
pub(crate) fn read(
    request: &Request<Bytes>,
    operation: &Operation,
    unproven: bool,
) -> Result<(Fields, Fields), Problem> {
    let is_gateway = operation.is_behind_gateway();
    let query = pairs(request.uri().query().unwrap_or("").as_bytes(), operation.query, "query")?;
    if is_gateway {
        require_parameters(operation.query, &query)?;
    }
    let body = match operation.body {
        Body::None | Body::Raw => Fields::new(),
        Body::Form(schema) => {
            require_media_type(request, "application/x-www-form-urlencoded")?;
            pairs(request.body(), schema, "body")?
        }
        Body::Json(_) if !is_gateway => {
            require_media_type(request, "application/json")?;
            object(request.body()).map_err(Problem::invalid_body)?
        }
        Body::Json(schema) => {
            if media_type(request)
                .is_some_and(|media_type| !media_type.eq_ignore_ascii_case("application/json"))
            {
                return Err(Problem::gateway(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"));
            }
            let fields =
                object(request.body()).map_err(|issue| Problem::bad_request([format!("body {issue}")]))?;
            let is_closed = schema.open && schema.name == CLOSED_CONSUMER_INPUT.name && !unproven;
            let schema = if is_closed { &CLOSED_CONSUMER_INPUT } else { schema };
            let faults = validation::faults(schema, &fields, "body", Judge::Gateway);
            if !faults.is_empty() {
                let issue = |fault: Detail| format!("{} {}", fault.field.unwrap_or_default(), fault.issue);
                return Err(Problem::bad_request(faults.into_iter().map(issue)));
            }
            fields
        }
    };
    Ok((query, body))
}

/// The checks that the service makes: values of the query, and what the contract states in words or leaves open.
pub(crate) fn check(operation: &Operation, query: &Fields, body: &Fields) -> Result<(), Problem> {
    let schema = match operation.body {
        Body::Json(schema) | Body::Form(schema) => schema,
        Body::None | Body::Raw => &NOTHING,
    };
    let mut faults = validation::faults(operation.query, query, "query", Judge::Service);
    faults.extend(validation::faults(schema, body, "body", Judge::Service));
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

/// A parameter without a value counts as missing.
fn require_parameters(schema: &Object, query: &Fields) -> Result<(), Problem> {
    let is_given = |name| query.get(name).and_then(Value::as_str).is_some_and(|value| !value.is_empty());
    let missing = schema.fields.iter().filter(|field| field.required && !is_given(field.name));
    let missing: Vec<_> = missing.map(|field| field.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("Missing required request parameters: [{}]", missing.join(", "));
    Err(Problem::gateway(StatusCode::BAD_REQUEST, message))
}

/// The JSON object that `body` is; otherwise what is wrong with it.
fn object(body: &[u8]) -> Result<Fields, String> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("must be a JSON object".to_owned()),
        Err(error) => Err(format!("is not valid JSON (line {}, column {})", error.line(), error.column())),
    }
}

fn media_type(request: &Request<Bytes>) -> Option<&str> {
    let content_type = request.headers().get(CONTENT_TYPE)?.to_str().unwrap_or("");
    content_type.split(';').next().map(str::trim)
}

/// Refuses a body that does not name its media type: a web page can send those without asking.
fn require_media_type(request: &Request<Bytes>, required: &str) -> Result<(), Problem> {
    if media_type(request).is_some_and(|media_type| media_type.eq_ignore_ascii_case(required)) {
        return Ok(());
    }
    Err(Problem::invalid(vec![Detail::of("content-type", format!("must be {required}"), "header")]))
}

/// Form-encoded pairs. A field that is given twice is refused: taking either value would hide the other.
fn pairs(encoded: &[u8], schema: &Object, location: &'static str) -> Result<Fields, Problem> {
    let mut fields = Fields::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        if fields.insert(name.to_string(), value.into()).is_some() && schema.has(&name) {
            return Err(Problem::invalid(vec![Detail::of(name, "is given more than once", location)]));
        }
    }
    Ok(fields)
}
