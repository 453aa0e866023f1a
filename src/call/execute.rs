//! Executes a call: gets a token, sends and retries the request, judges and decodes the response.
//!
//! Each step adds one thing: [`execute`](Request::execute) decodes and records the call, `with_token` adds the token and replaces a
//! refused one, `with_retries` retries, `attempt` waits for the client's limits and records the attempt, and `transmit` sends the
//! request once.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use tokio::time::{Instant, timeout_at};

use super::content_coding::{self, Undecodable};
use super::rate_limit::Permit;
use super::recorder::Recorder;
use super::request::Request;
use super::response::Response;
use super::retry::{Attempt, retry};
use super::secrets::Sent;
use super::settings::Settings;
use crate::auth::token::{AccessToken, AuthorizationFormat, TokenProvider};
use crate::error::{Error, trace_id};
use crate::observe::Outcome;
#[cfg(feature = "opentelemetry")]
use crate::observe::trace_context;
use crate::support::clock::{after, now};
use crate::support::redact::Secrets;
use crate::transport::{TransportError, TransportResponse};

impl Request {
    /// Executes the call: reads the value from the body of the response with `decode`, whose error is the reason why it cannot be used,
    /// and keeps of the response what `keep` returns.
    // Not an `async fn`, whose future would hold the request twice.
    pub(crate) fn execute<T, U>(
        mut self,
        decode: impl FnOnce(&Bytes) -> Result<T, String> + Send,
        keep: fn(Response<T>) -> U,
    ) -> impl Future<Output = Result<U, Error>> + Send {
        let complete = self.complete();
        async move {
            let complete = Error::check_runtime().and(complete);
            let mut call = Call::new(&self);
            let outcome = match complete {
                Ok(()) => {
                    let span = call.recorder.span();
                    span.around(call.with_token()).await
                }
                Err(error) => Err(error),
            };
            call.ended(outcome, decode).map(keep)
        }
    }
}

/// One call, from the token to the last response, and the one record of it.
struct Call<'a> {
    request: &'a Request,
    settings: &'a Settings,
    timeout: Duration,
    deadline: Instant,
    recorder: Recorder<'a>,
    /// When the first attempt began.
    first_attempt: Option<Instant>,
    /// The token of the last attempt, where the client supplies it.
    token: Option<AccessToken>,
}

impl<'a> Call<'a> {
    /// A call that begins now.
    fn new(request: &'a Request) -> Self {
        let settings = &*request.settings;
        let timeout = request.timeout.unwrap_or(settings.defaults.timeout);
        Self {
            request,
            settings,
            timeout,
            deadline: after(timeout),
            recorder: Recorder::call(settings, request.operation),
            first_attempt: None,
            token: None,
        }
    }

    /// Sends the request with the token that it needs; if the service refuses that token, once more with another one.
    async fn with_token(&mut self) -> Result<TransportResponse, Error> {
        let Some(provider) = self.provider()? else { return self.with_retries().await };
        self.token = Some(self.fetched_token(provider).await?);
        let error = match self.with_retries().await {
            Err(error) if error.is_unauthorized() => error,
            outcome => return outcome,
        };
        // The service refused the token before doing anything, so even a POST may be sent again: once, and only with another token
        // than the refused one. Whether or not it is sent again, the refused token is not used any more.
        let budget = &self.settings.retry_budget;
        let Some(refused) = self.token.clone() else { return Err(error) };
        if refused.is_fresh() || !provider.invalidate(&refused) || budget.left() == 0 {
            return Err(error);
        }
        let another = self.fetched_token(provider).await?;
        if another == refused {
            return Err(error);
        }
        self.token = Some(another);
        let outcome = self.with_retries().await;
        // Where every token is refused, healing adds no more requests than retries do. When it helps, it costs nothing: after a
        // change of keys all calls in flight have to heal.
        if outcome.as_ref().is_err_and(Error::is_unauthorized) {
            budget.take();
        }
        outcome
    }

    /// Who supplies the token, where the operation needs one and the caller did not choose it.
    fn provider(&self) -> Result<Option<&'a dyn TokenProvider>, Error> {
        match self.request.operation.security {
            Some(scheme) if self.request.authorization().is_none() => {
                self.settings.credentials.provider(scheme).map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn fetched_token(&self, provider: &dyn TokenProvider) -> Result<AccessToken, Error> {
        if let Some(token) = provider.cached() {
            return Ok(token);
        }
        timeout_at(self.deadline, provider.token()).await.map_err(|_| {
            Error::timeout(format!("no token came within the call's {:?}; nothing was sent", self.timeout))
        })?
    }

    /// Takes the newest token from memory, and returns whether there is one to send: the one from before may have expired while the
    /// call waited.
    fn renew_token(&mut self) -> Result<bool, Error> {
        let (Some(token), Some(provider)) = (&self.token, self.provider()?) else { return Ok(true) };
        let newest = provider.cached();
        let is_there = newest.is_some() || !token.has_expired();
        self.token = newest.or(self.token.take());
        Ok(is_there)
    }

    /// Waits for the client's limits, and for another token if the call's expires meanwhile.
    async fn turn(&mut self, is_first: bool) -> Result<Option<Permit>, Error> {
        loop {
            let permit = self.acquire().await?;
            if (is_first && permit.is_none()) || self.renew_token()? {
                return Ok(permit);
            }
            // Nobody waits for a place while this call waits for a token.
            drop(permit);
            if let Some(provider) = self.provider()? {
                self.token = Some(self.fetched_token(provider).await?);
            }
        }
    }

    /// The `authorization` header of the last attempt, in the format that the operation takes.
    fn authorization(&self) -> Option<HeaderValue> {
        let Some(token) = &self.token else { return self.request.authorization().cloned() };
        let bearer = match self.settings.defaults.authorization_format {
            AuthorizationFormat::Contract => self.request.operation.bearer,
            AuthorizationFormat::Raw => false,
            AuthorizationFormat::Bearer => true,
        };
        Some(if bearer { token.bearer().clone() } else { token.raw().clone() })
    }

    /// Sends the request, as often as the retry policy allows.
    async fn with_retries(&mut self) -> Result<TransportResponse, Error> {
        let policy = self.request.retry_policy.as_ref().unwrap_or(&self.settings.defaults.retry_policy);
        let idempotent = self.request.operation.is_idempotent();
        let (deadline, budget) = (self.deadline, Some(&*self.settings.retry_budget));
        retry(self, policy, idempotent, deadline, budget).await
    }

    /// Waits for the client's limits, where it has some.
    async fn acquire(&self) -> Result<Option<Permit>, Error> {
        let Some(limit) = &self.settings.rate_limit else { return Ok(None) };
        let acquiring = pin!(limit.acquire(self.settings.defaults.attempt_timeout));
        let permit = timeout_at(self.deadline, acquiring).await;
        permit.map(Some).map_err(|_| {
            Error::timeout(format!(
                "the client's limits, `requests_per_second` and `max_concurrent_requests`, let nothing be sent within the call's \
                 {:?}",
                self.timeout
            ))
        })
    }

    /// Sends the request once.
    async fn transmit(&self) -> Result<TransportResponse, Error> {
        let deadline = self.deadline.min(after(self.settings.defaults.attempt_timeout));
        // Pinned where it is made: moved into what bounds it, it would be copied.
        let sending = pin!(self.send());
        match timeout_at(deadline, sending).await {
            Ok(Ok(response)) => self.judged(response),
            Ok(Err(error)) => Err(self.failed(error)),
            Err(_) => Err(self.late(deadline)),
        }
    }

    /// Hands the request to the transport. Not an `async` function, whose future would hold the request as well.
    fn send(&self) -> impl Future<Output = Result<TransportResponse, TransportError>> + Send {
        let outgoing = self.request.outgoing(self.authorization());
        #[cfg(feature = "opentelemetry")]
        let outgoing = trace_context::propagated(outgoing);
        self.settings.transport.send(outgoing)
    }

    /// What ran out of time at `deadline`.
    #[cold]
    fn late(&self, deadline: Instant) -> Error {
        Error::timeout(if deadline < self.deadline {
            format!("no complete response was received within {:?}", self.settings.defaults.attempt_timeout)
        } else {
            format!("no complete response was received within the call's {:?}", self.timeout)
        })
    }

    /// Why the transport brought no response, or not the whole of it.
    #[cold]
    fn failed(&self, mut error: TransportError) -> Error {
        let response = error.take_response();
        let secrets = self.sent().secrets();
        let error = error.into_error(&secrets);
        match response {
            Some(mut response) => {
                secrets.mark(&mut response.headers);
                error.in_response(response)
            }
            None => error,
        }
    }

    /// The response with its content decoded if it is a success, else its error.
    fn judged(&self, mut response: TransportResponse) -> Result<TransportResponse, Error> {
        // Of an operation without a schema for its response, a redirect is a response too.
        let status = response.status;
        let is_success = status.is_success() || (self.request.operation.raw && status.is_redirection());
        if !is_success {
            return Err(self.rejected(response));
        }
        match content_coding::decode(&mut response, self.settings.defaults.body_limit) {
            Ok(()) => Ok(response),
            Err(Undecodable::Incomplete(error)) => Err(self.failed(error.in_response(response))),
            Err(Undecodable::Unreadable(reason)) => Err(self.undecodable(response, &reason)),
        }
    }

    /// The error that the service responded with.
    #[cold]
    fn rejected(&self, mut response: TransportResponse) -> Error {
        content_coding::decode_error(&mut response, self.settings.defaults.body_limit);
        let secrets = self.secrets_marked(&mut response);
        Error::service(response, &secrets)
    }

    /// What the call returns, recorded. Not inlined, so that what it needs of the stack is not below the whole call.
    #[inline(never)]
    fn ended<T>(
        self,
        outcome: Result<TransportResponse, Error>,
        decode: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Result<Response<T>, Error> {
        let outcome = outcome.and_then(|response| self.decoded(response, decode));
        let outcome = outcome.map_err(|error| error.in_operation(self.request.operation.name));
        let trace_id = || outcome.as_ref().ok().and_then(Response::trace_id);
        self.recorder.end(&match &outcome {
            Ok(response) => Outcome::Response(response.status(), &trace_id),
            Err(error) => Outcome::Failure(error),
        });
        outcome
    }

    /// The value of a response of success.
    fn decoded<T>(
        &self,
        response: TransportResponse,
        decode: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Result<Response<T>, Error> {
        match decode(&response.body) {
            Ok(value) => Ok(Response::received(response.status, response.headers, value, self.sent())),
            Err(reason) => Err(self.counted(self.undecodable(response, &reason))),
        }
    }

    /// The error of a response whose body cannot be used.
    #[cold]
    fn undecodable(&self, mut response: TransportResponse, reason: &str) -> Error {
        let secrets = self.secrets_marked(&mut response);
        Error::undecodable(response, reason, &secrets)
    }

    /// The same error with where the request was sent, how often, and how long that took.
    #[cold]
    fn counted(&self, error: Error) -> Error {
        let elapsed = self.first_attempt.map_or(Duration::ZERO, |started| now() - started);
        error.after(&self.settings.base_url, self.recorder.attempts(), elapsed)
    }

    /// What the last attempt sent and nothing may print.
    fn sent(&self) -> Sent {
        Sent::of(self.request, self.authorization())
    }

    /// Those secrets, after marking the headers of the response that repeat them.
    fn secrets_marked(&self, response: &mut TransportResponse) -> Secrets {
        let secrets = self.sent().secrets();
        secrets.mark(&mut response.headers);
        secrets
    }
}

impl Attempt for Call<'_> {
    type Output = TransportResponse;

    /// Sends the request once the client's limits allow it.
    async fn attempt(&mut self, previous: Option<Error>) -> Result<TransportResponse, Error> {
        let permit = match self.turn(previous.is_none()).await {
            Ok(permit) => permit,
            // What kept the service from responding tells more than what kept this client from asking again.
            Err(error) => return Err(previous.unwrap_or(error)),
        };
        // A call that was not polled for a while may come here late.
        if self.deadline <= now() {
            let late = || {
                Error::timeout(format!("the call's {:?} were over before the request was sent", self.timeout))
            };
            return Err(previous.unwrap_or_else(late));
        }
        self.first_attempt.get_or_insert_with(now);
        let recorder = self.recorder.attempt();
        let span = recorder.span();
        let outcome = span.around(self.transmit()).await;
        drop(permit);
        let id = || trace_id(&outcome.as_ref().ok()?.headers, &self.sent().secrets());
        recorder.end(&match &outcome {
            Ok(response) => Outcome::Response(response.status, &id),
            Err(error) => Outcome::Failure(error),
        });
        outcome.map_err(|error| self.counted(error))
    }
}
