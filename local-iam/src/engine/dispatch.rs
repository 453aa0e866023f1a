//! The way of a request through the service: fault rules, routing, the gateway's checks and its authorizer, the operation's
//! rule, recording.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::header::DATE;
use http::{HeaderValue, Request, StatusCode};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::authorizer;
use super::call::{Call, Caller};
use super::faults::Fault;
use super::input::{self, MAX_BODY};
use super::operation::{Body, Scheme, is_gateway_path};
use super::problem::Problem;
use super::response::{self, Outcome, Response};
use super::router::{self, Route};
use super::routes::{self, Rule, operations};
use super::rules::{management, pat_token};
use super::state::{Engine, State};
use super::trace::Trace;

impl Engine {
    /// Responds to `request`. Never fails: every failure has a response of the contract or of the gateway.
    pub(crate) async fn handle(&self, request: Request<Bytes>) -> http::Response<Bytes> {
        let request = Arc::new(request);
        let trace = Trace::new(self.state.clock.now());
        let route = router::route(request.method(), request.uri().path());
        let operation = route.as_ref().ok().map(|route| route.operation);
        let fault = operation.and_then(|operation| self.state.faults.next(operation));
        if let Some(delay) = fault.as_ref().map(Fault::delay).filter(|delay| !delay.is_zero()) {
            tokio::time::sleep(delay).await;
        }
        let skip = fault.as_ref().filter(|fault| fault.skips_operation());
        let response = match skip {
            Some(fault) => fault.response(),
            None => response::into_http(self.carry_out(&request, route).await, &trace),
        };
        let mut response = match &fault {
            Some(fault) => fault.applied_to(response),
            None => response,
        };
        let from_gateway = is_gateway_path(request.uri().path());
        trace.add_to(response.headers_mut(), from_gateway);
        if !from_gateway {
            response::protect(response.headers_mut(), &self.state.gateway);
        }
        if let Some(date) = self.state.date() {
            response.headers_mut().entry(DATE).or_insert(date);
        }
        if !operation.is_some_and(|operation| operation.scheme == Scheme::Management) {
            let id = operation.map(|operation| operation.id);
            self.state.recorder.record(&request, id, &response, trace.request_id, self.state.clock.now());
        }
        response
    }

    async fn carry_out(&self, request: &Arc<Request<Bytes>>, route: Result<Route, Problem>) -> Outcome {
        let Route { operation, parameters } = route?;
        let rule = routes::rule(operation).ok_or_else(Problem::unexpected)?;
        if request.body().len() > MAX_BODY {
            return Err(Problem::gateway(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long"));
        }
        if operation.scheme == Scheme::Management {
            management::guard(&self.state.addresses, request)?;
        }
        let admitted = authorizer::admit(&self.state, &self.store, request, operation, &parameters)?;
        let (query, body) = match input::read(request, operation, self.state.unproven) {
            Ok(input) => input,
            Err(problem) if matches!(operation.body, Body::Form(_)) => {
                return Ok(pat_token::invalid_request(&problem));
            }
            Err(problem) => return Err(problem),
        };
        // No authorizer is in front of these operations, so their bodies were judged first.
        let caller = match operation.scheme {
            Scheme::User => authorizer::user(&self.state, request)?,
            _ => admitted,
        };
        let (state, request) = (self.state.clone(), request.clone());
        let call = Call { state, request, operation, parameters, query, body, caller };
        match rule {
            Rule::Plain(rule) => {
                self.store.read(|db| check(&call, db))?;
                rule(&call)
            }
            Rule::Reads(rule) => {
                self.store.read(|db| check(&call, db))?;
                rule(&call, &self.store)
            }
            Rule::Writes(rule) => {
                self.store.write(move |db| check(&call, db).and_then(|()| rule(&call, db))).await
            }
            Rule::Waits(rule) => {
                self.store.read(|db| check(&call, db))?;
                rule(Arc::new(call), &self.store).await
            }
        }
    }

    /// Carries out an operation of the management API, for a caller in this process: with the checks and the rule of a request,
    /// and with what its response would hold.
    pub(crate) fn manage(&self, id: &str, body: Map<String, Value>) -> Result<Value, Problem> {
        let mut managing = operations().filter(|operation| operation.scheme == Scheme::Management);
        let operation = managing.find(|operation| operation.id == id).ok_or_else(Problem::unexpected)?;
        let rule = routes::rule(operation).ok_or_else(Problem::unexpected)?;
        let (request, query) = (Arc::default(), Map::new());
        input::check(operation, &query, &body)?;
        let (state, parameters, caller) = (self.state.clone(), Vec::new(), Caller::Nobody);
        let call = Call { state, request, operation, parameters, query, body, caller };
        let response = match rule {
            Rule::Plain(rule) => rule(&call),
            Rule::Reads(rule) => rule(&call, &self.store),
            Rule::Writes(rule) => self.store.write_now(move |db| rule(&call, db)),
            // None of the management API does.
            Rule::Waits(_) => Err(Problem::unexpected()),
        };
        match response? {
            Response::Json(body) | Response::Secret(body) => Ok(body),
            _ => Ok(Value::Null),
        }
    }
}

/// What only the service itself checks: that a user still exists, and the values of the input.
fn check(call: &Call, db: &Connection) -> Result<(), Problem> {
    authorizer::require_existing(db, &call.caller)?;
    input::check(call.operation, &call.query, &call.body)
}

impl State {
    /// The service's own time as an HTTP date, so that clients can tell how far apart the clocks are.
    fn date(&self) -> Option<HeaderValue> {
        let seconds = u64::try_from(self.clock.now()).ok()?;
        let date = UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
        // The format knows no year beyond 9999.
        (seconds < 253_402_300_800).then_some(())?;
        HeaderValue::try_from(httpdate::fmt_http_date(date)).ok()
    }
}
