//! The way of a request through the service: fault rules, routing, the gateway's checks and its authorizer, the operation's
//! rule, recording.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::header::DATE;
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Map, Value};

use super::authorizer;
use super::call::{Call, Caller};
use super::faults::Fault;
use super::input::{self, MAX_BODY};
use super::operation::{Body, Scheme, is_gateway_path};
use super::problem::Problem;
use super::response::{self, Outcome, Response};
use super::router::{self, Route};
use super::routes::{self, operations};
use super::rules::{management, pat_token};
use super::state::Engine;
use super::trace::Trace;

impl Engine {
    /// Responds to `request`. Never fails: every failure has a response of the contract or of the gateway.
    pub(crate) async fn handle(&self, request: Request<Bytes>) -> http::Response<Bytes> {
        let trace = Trace::new(self.clock.now());
        let route = router::route(request.method(), request.uri().path());
        let operation = route.as_ref().ok().map(|route| route.operation);
        let fault = operation.and_then(|operation| self.faults.next(operation));
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
            response::protect(response.headers_mut(), &self.gateway);
        }
        if let Some(date) = self.date() {
            response.headers_mut().entry(DATE).or_insert(date);
        }
        if !operation.is_some_and(|operation| operation.scheme == Scheme::Management) {
            let id = operation.map(|operation| operation.id);
            self.recorder.record(&request, id, &response, trace.request_id, self.clock.now());
        }
        response
    }

    async fn carry_out(&self, request: &Request<Bytes>, route: Result<Route, Problem>) -> Outcome {
        let Route { operation, parameters } = route?;
        let rule = routes::rule(operation).ok_or_else(Problem::unexpected)?;
        if request.body().len() > MAX_BODY {
            return Err(Problem::gateway(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long"));
        }
        if operation.scheme == Scheme::Management {
            management::guard(&self.addresses, request)?;
        }
        let admitted = {
            let mut connection = self.store.lock();
            let transaction = connection.transaction()?;
            authorizer::admit(self, &transaction, request, operation, &parameters)?
        };
        let (query, body) = match input::read(request, operation, self.unproven) {
            Ok(input) => input,
            Err(problem) if matches!(operation.body, Body::Form(_)) => {
                return Ok(pat_token::invalid_request(&problem));
            }
            Err(problem) => return Err(problem),
        };
        let remote_keys = match operation.id {
            "patToken" => pat_token::remote_keys(self, &body).await,
            _ => None,
        };
        let mut connection = self.store.lock();
        let transaction = connection.transaction()?;
        // No authorizer is in front of these operations, so their bodies were judged first.
        let caller = match (operation.scheme, admitted) {
            (Scheme::User, Caller::Nobody) => authorizer::user(self, &transaction, request)?,
            (_, caller) => caller,
        };
        input::check(operation, &query, &body)?;
        let call = Call {
            engine: self,
            db: &transaction,
            request,
            operation,
            parameters,
            query,
            body,
            caller,
            remote_keys,
        };
        let response = rule(&call)?;
        drop(call);
        transaction.commit()?;
        Ok(response)
    }
}

impl Engine {
    /// Carries out an operation of the management API, for a caller in this process: with the checks and the rule of a request,
    /// and with what its response would hold.
    pub(crate) fn manage(&self, id: &str, body: Map<String, Value>) -> Result<Value, Problem> {
        let mut managing = operations().filter(|operation| operation.scheme == Scheme::Management);
        let operation = managing.find(|operation| operation.id == id).ok_or_else(Problem::unexpected)?;
        let rule = routes::rule(operation).ok_or_else(Problem::unexpected)?;
        let (request, query) = (Request::default(), Map::new());
        input::check(operation, &query, &body)?;
        let mut connection = self.store.lock();
        let transaction = connection.transaction()?;
        let call = Call {
            engine: self,
            db: &transaction,
            request: &request,
            operation,
            parameters: Vec::new(),
            query,
            body,
            caller: Caller::Nobody,
            remote_keys: None,
        };
        let response = rule(&call)?;
        drop(call);
        transaction.commit()?;
        match response {
            Response::Json(body) | Response::Secret(body) => Ok(body),
            _ => Ok(Value::Null),
        }
    }

    /// The service's own time as an HTTP date, so that clients can tell how far apart the clocks are.
    fn date(&self) -> Option<HeaderValue> {
        let seconds = u64::try_from(self.clock.now()).ok()?;
        let date = UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
        // The format knows no year beyond 9999.
        (seconds < 253_402_300_800).then_some(())?;
        HeaderValue::try_from(httpdate::fmt_http_date(date)).ok()
    }
}
