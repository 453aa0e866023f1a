//! The service without its network: a request in, an answer out. Every door leads here.
//!
//! A request passes `router` (which row of the table in `operation`), `input` (query and body against the row's `schema`)
//! and `access_token` (whom the token stands for), and arrives as a `call` at the row's rule. A rule is a function from the
//! call to an `answer` or a `problem`; each file of rules is named after what the rules are about.

mod access_token;
mod answer;
mod assertion;
mod authentication_method;
mod call;
mod consumer_token;
mod faults;
mod health;
mod input;
mod keys;
mod management;
mod members;
mod operation;
mod page;
mod pat_token;
mod policies;
mod principal;
mod principals;
mod problem;
mod project_token;
mod projects;
mod proxy;
mod random;
mod recorder;
mod reference;
mod refresh_token;
mod router;
mod schema;
mod seeds;
mod tokens;
mod used_ids;
mod vfs;
mod well_known;
mod whoami;

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Request, Response};

use crate::clock::Clock;
use crate::error::Error;
use crate::store::Store;
use answer::{Answer, Outcome};
use call::Call;
pub(crate) use faults::Break;
use faults::{Fault, Faults};
use keys::Keys;
use operation::{Body, Scheme};
use problem::Problem;
use recorder::Recorder;
use router::Route;
pub(crate) use seeds::SeedIds;
pub use seeds::Seeds;

/// The largest request body that is read, in bytes.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// Lifetimes of the tokens that the service issues, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetimes {
    pub(crate) user: i64,
    pub(crate) project: i64,
    pub(crate) consumer: i64,
}

/// The whole service: its database, its keys, its rules.
#[derive(Debug)]
pub(crate) struct Engine {
    port: u16,
    base_url: String,
    clock: Clock,
    lifetimes: Lifetimes,
    store: Store,
    keys: Keys,
    seeds: Seeds,
    faults: Faults,
    recorder: Recorder,
}

impl Engine {
    /// An engine reachable at `http://127.0.0.1:{port}`.
    pub(crate) fn new(
        port: u16,
        clock: Clock,
        store: Store,
        lifetimes: Lifetimes,
        seeds: SeedIds,
    ) -> Result<Self, Error> {
        let keys = Keys::load(&store)?;
        let seeds = Seeds::plant(&store, seeds, clock.now())?;
        Ok(Self {
            port,
            base_url: format!("http://127.0.0.1:{port}/iam"),
            clock,
            lifetimes,
            store,
            keys,
            seeds,
            faults: Faults::default(),
            recorder: Recorder::default(),
        })
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn seeds(&self) -> &Seeds {
        &self.seeds
    }

    /// A token for [`Scheme::User`] operations of the seeded user.
    pub(crate) fn seeded_user_token(&self) -> Option<String> {
        access_token::for_user(self, &self.seeds.user(), self.lifetimes.user, "openid").ok()
    }

    /// Answers `request`. Never fails: what goes wrong is answered as the contract says.
    pub(crate) async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
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
            None => answer::respond(self.answer(&request, route).await, &trace_id),
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

    async fn answer(&self, request: &Request<Bytes>, route: Result<Route, Problem>) -> Outcome {
        let route = route?;
        let operation = route.operation;
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
        let answer = (operation.answer)(&call)?;
        drop(call);
        transaction.commit()?;
        Ok(answer)
    }
}
