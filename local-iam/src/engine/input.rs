//! Reading a request's query and body, as its operation states.

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::operation::{Body, Operation};
use super::problem::{Detail, Problem};
use super::schema::Object;
use super::validation;

/// The largest request body that is read, in bytes.
pub(crate) const MAX_BODY: usize = 1 << 20;

type Fields = Map<String, Value>;

/// The query's and the body's fields, validated.
pub(crate) fn read(request: &Request<Bytes>, operation: &Operation) -> Result<(Fields, Fields), Problem> {
    if request.body().len() > MAX_BODY {
        return Err(Problem::invalid_body(format!("must not be larger than {MAX_BODY} bytes")));
    }
    let query = pairs(request.uri().query().unwrap_or("").as_bytes(), operation.query, "query")?;
    let body = match operation.body {
        Body::None | Body::Raw => Fields::new(),
        Body::Json(schema) => checked(json(request)?, schema, "body")?,
        Body::Form(schema) => {
            require_media_type(request, "application/x-www-form-urlencoded")?;
            pairs(request.body(), schema, "body")?
        }
    };
    Ok((query, body))
}

fn checked(fields: Fields, schema: &Object, location: &'static str) -> Result<Fields, Problem> {
    let faults = validation::faults(schema, &fields, location);
    if faults.is_empty() { Ok(fields) } else { Err(Problem::invalid(faults)) }
}

fn json(request: &Request<Bytes>) -> Result<Fields, Problem> {
    require_media_type(request, "application/json")?;
    match serde_json::from_slice(request.body()) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::invalid_body("must be a JSON object")),
        Err(error) => {
            let issue = format!("is not valid JSON (line {}, column {})", error.line(), error.column());
            Err(Problem::invalid_body(issue))
        }
    }
}

fn require_media_type(request: &Request<Bytes>, required: &str) -> Result<(), Problem> {
    let content_type =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    if media_type.eq_ignore_ascii_case(required) {
        return Ok(());
    }
    Err(Problem::invalid(vec![Detail::of("content-type", format!("must be {required}"), "header")]))
}

/// Form-encoded pairs, validated. A field that is given twice is refused: taking either value would hide the other.
fn pairs(encoded: &[u8], schema: &Object, location: &'static str) -> Result<Fields, Problem> {
    let mut fields = Fields::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        if fields.insert(name.to_string(), value.into()).is_some() && schema.has(&name) {
            return Err(Problem::invalid(vec![Detail::of(name, "is given more than once", location)]));
        }
    }
    checked(fields, schema, location)
}
