//! The way of a request through the service: fault rules, routing, input, authorization, the operation's rule, recording.

use bytes::Bytes;
use http::Request;
use http::header::HeaderValue;

use super::access_token;
use super::call::Call;
use super::faults::Fault;
use super::input;
use super::operation::{Body, Scheme};
use super::problem::Problem;
use super::random;
use super::response::{self, Outcome};
use super::router::{self, Route};
use super::routes;
use super::rules::{management, pat_token};
use super::state::Engine;

impl Engine {
    /// A token for [`Scheme::User`] operations of the seeded user.
    pub(crate) fn seeded_user_token(&self) -> Option<String> {
        access_token::for_user(self, &self.seeds.user(), self.lifetimes.user, "openid").ok()
    }

    /// Responds to `request`. Never fails: every failure has a response of the contract.
    pub(crate) async fn handle(&self, request: Request<Bytes>) -> http::Response<Bytes> {
        let trace_id = random::uuid().to_string();
        let route = router::route(request.method(), request.uri().path());
        let operation = route.as_ref().ok().map(|route| route.operation);
        let fault = operation.and_then(|operation| self.faults.next(operation));
        if let Some(delay) = fault.as_ref().map(Fault::delay).filter(|delay| !delay.is_zero()) {
            tokio::time::sleep(delay).await;
        }
        let skip = fault.as_ref().filter(|fault| fault.skips_operation());
        let response = match skip {
            Some(fault) => fault.response(),
            None => response::into_http(self.carry_out(&request, route).await, &trace_id),
        };
        let mut response = match &fault {
            Some(fault) => fault.applied_to(response),
            None => response,
        };
        if let Ok(trace_id) = HeaderValue::try_from(&trace_id) {
            response.headers_mut().insert("x-trace-id", trace_id);
        }
        if !operation.is_some_and(|operation| operation.scheme == Scheme::Management) {
            let id = operation.map(|operation| operation.id);
            self.recorder.record(&request, id, &response, trace_id, self.clock.now());
        }
        response
    }

    async fn carry_out(&self, request: &Request<Bytes>, route: Result<Route, Problem>) -> Outcome {
        let route = route?;
        let operation = route.operation;
        let rule = routes::rule(operation.id).ok_or_else(Problem::unexpected)?;
        if operation.scheme == Scheme::Management {
            management::guard(request)?;
        }
        let (query, body) = match input::read(request, operation) {
            Ok(input) => input,
            Err(problem) if matches!(operation.body, Body::Form(_)) => {
                return Ok(pat_token::invalid_request(&problem));
            }
            // The schema is checked before the token would be, but a caller without a token learns only that.
            Err(problem) => {
                let mut connection = self.store.lock();
                let transaction = connection.transaction()?;
                access_token::caller(self, &transaction, request, operation.scheme)?;
                return Err(problem);
            }
        };
        let remote_keys = match operation.id {
            "patToken" => pat_token::remote_keys(self, &body).await,
            _ => None,
        };
        let mut connection = self.store.lock();
        let transaction = connection.transaction()?;
        let caller = access_token::caller(self, &transaction, request, operation.scheme)?;
        let parameters = route.parameters;
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
