//! Fault rules: responses that fail on purpose, as data.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::operation::{Operation, Scheme};
use super::operation_names;
use super::problem::Problem;
use super::random;
use super::schema::{Field, Object, Shape};

pub(crate) const RULE: Object = Object::closed(&[
    Field::required("operation", Shape::Text),
    Field::optional("skip", Shape::Integer(0, 1_000_000)),
    Field::optional("times", Shape::Integer(1, 1_000_000)),
    Field::optional("status", Shape::Integer(200, 599)),
    Field::optional("headers", Shape::Object(&Object::open(&[]))),
    Field::optional("body", Shape::Any),
    Field::optional("delayMilliseconds", Shape::Integer(0, 600_000)),
    Field::optional("connection", Shape::OneOf(&["reset", "truncate"])),
    Field::optional("afterwards", Shape::Bool),
    Field::optional("gateway", Shape::OneOf(GATEWAY_NAMES)),
]);

/// A failure of the API gateway, or of what is in front of or behind it, with the gateway's own body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum GatewayFailure {
    /// 429: more requests than the gateway lets through at once.
    Throttled,
    /// 429: more requests than the quota of a plan.
    Quota,
    /// 504: the service behind the gateway did not respond in time.
    Timeout,
    /// 502: the service behind the gateway sent what the gateway does not understand.
    BadGateway,
    /// 500: the gateway or its authorizer failed.
    Failure,
    /// 403: the firewall in front of the gateway refused the request.
    Firewall,
}

impl GatewayFailure {
    fn status_and_message(self) -> (u16, &'static str) {
        match self {
            Self::Throttled => (429, "Too Many Requests"),
            Self::Quota => (429, "Limit Exceeded"),
            Self::Timeout => (504, "Endpoint request timed out"),
            Self::BadGateway => (502, "Internal server error"),
            Self::Failure => (500, "Internal server error"),
            Self::Firewall => (403, "Forbidden"),
        }
    }
}

/// The names of [`GatewayFailure`] in JSON.
const GATEWAY_NAMES: &[&str] = &["throttled", "quota", "timeout", "badGateway", "failure", "firewall"];

/// How the connection must be lost, as an extension of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Break {
    /// Reset it without a response.
    Reset,
    /// Announce the whole body and send half of it.
    Truncate,
}

/// One rule, with what it has done so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fault {
    #[serde(default)]
    id: String,
    /// An operationId, or `*` for all but the management API.
    operation: String,
    /// How many matching requests are served normally first.
    #[serde(default)]
    skip: u64,
    /// How many requests are affected; unlimited when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(default)]
    delay_milliseconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<Break>,
    /// In place of `status` and `body`.
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<GatewayFailure>,
    /// Whether the operation is carried out before its response is replaced.
    #[serde(default)]
    afterwards: bool,
}

/// The rules, in the order in which they were made. The first that matches decides.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds the rule that a validated body describes and returns it with its id.
    pub(crate) fn add(&self, rule: &Map<String, Value>) -> Result<Value, Problem> {
        let rule = Value::Object(rule.clone());
        let mut fault: Fault =
            serde_json::from_value(rule).map_err(|_| Problem::invalid_body("is not a fault rule"))?;
        operation_names::check(&fault.operation)
            .map_err(|issue| Problem::invalid_field("operation", issue))?;
        if let Some(failure) = fault.gateway {
            if fault.status.is_some() || fault.body.is_some() {
                return Err(Problem::invalid_field("gateway", "takes the place of status and body"));
            }
            let (status, message) = failure.status_and_message();
            (fault.status, fault.body) = (Some(status), Some(json!({ "message": message })));
        }
        fault.id = random::uuid().to_string();
        if headers(&fault.headers).is_none() {
            return Err(Problem::invalid_field("headers", "must be names and texts that HTTP allows"));
        }
        if !fault.has_effect() {
            let issue =
                "has no effect: set one of status, headers, body, delayMilliseconds, gateway and connection";
            return Err(Problem::invalid_field(
                "operation",
                format!("{}: the rule {issue}", fault.operation),
            ));
        }
        let shown = show(&fault)?;
        self.lock().push(fault);
        Ok(shown)
    }

    pub(crate) fn list(&self) -> Result<Vec<Value>, Problem> {
        self.lock().iter().map(show).collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The id and the operation of each rule.
    pub(crate) fn ids(&self) -> Vec<(String, String)> {
        self.lock().iter().map(|fault| (fault.id.clone(), fault.operation.clone())).collect()
    }

    /// How many requests the rule still affects: `None` without a limit, 0 when no rule has this id.
    pub(crate) fn remaining(&self, id: &str) -> Option<u64> {
        self.lock().iter().find(|fault| fault.id == id).map_or(Some(0), |fault| fault.times)
    }

    /// `false` when no rule has this id.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut faults = self.lock();
        let before = faults.len();
        faults.retain(|fault| fault.id != id);
        faults.len() < before
    }

    /// The fault for one request of `operation`, counted.
    pub(crate) fn next(&self, operation: &Operation) -> Option<Fault> {
        if operation.scheme == Scheme::Management {
            return None;
        }
        let mut faults = self.lock();
        let matches = |fault: &Fault| fault.operation == "*" || fault.operation == operation.id;
        let index = faults.iter().position(|fault| matches(fault) && fault.times != Some(0))?;
        let fault = faults.get_mut(index)?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        fault.times = fault.times.map(|times| times.saturating_sub(1));
        Some(fault.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_milliseconds)
    }

    fn has_effect(&self) -> bool {
        self.status.is_some()
            || !self.headers.is_empty()
            || self.body.is_some()
            || self.connection.is_some()
            || self.delay_milliseconds > 0
    }

    /// Whether the operation is not carried out.
    pub(crate) fn skips_operation(&self) -> bool {
        let replaces = self.status.is_some() || self.body.is_some() || self.connection == Some(Break::Reset);
        replaces && !self.afterwards
    }

    /// The response of an operation that was not carried out.
    pub(crate) fn response(&self) -> Response<Bytes> {
        Response::new(Bytes::new())
    }

    /// `response` as the rule demands.
    pub(crate) fn applied_to(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        if let Some(Ok(status)) = self.status.map(StatusCode::from_u16) {
            *response.status_mut() = status;
        }
        match &self.body {
            None if self.status.is_some() => *response.body_mut() = Bytes::new(),
            None => {}
            Some(Value::String(text)) => *response.body_mut() = Bytes::from(text.clone()),
            Some(json) => {
                *response.body_mut() = Bytes::from(json.to_string());
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
        }
        for (name, value) in headers(&self.headers).into_iter().flatten() {
            response.headers_mut().insert(name, value);
        }
        if let Some(how) = self.connection {
            response.extensions_mut().insert(how);
        }
        response
    }
}

fn show(fault: &Fault) -> Result<Value, Problem> {
    serde_json::to_value(fault).map_err(|_| Problem::unexpected())
}

/// `None` when one of the names or values is not allowed in HTTP.
fn headers(fields: &Map<String, Value>) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let header = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
    };
    fields.iter().map(header).collect()
}
