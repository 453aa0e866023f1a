//! Executes a call: gets a token, sends and retries the request, judges and decodes the response.
//!
//! Each step adds one thing: [`execute`](Request::execute) decodes and records the call, `with_token` adds the token and replaces a
//! refused one, `with_retries` retries, `attempt` waits for the client's limits and records the attempt, and `transmit` sends the
//! request once.

use std::time::Duration;

use http::HeaderValue;
use http::header::{Entry, SET_COOKIE};
use tokio::time::{Instant, timeout_at};

use super::decode::{Decode, decompress};
use super::rate_limit::Permit;
use super::recorder::Recorder;
use super::request::Request;
use super::response::Response;
use super::retry::{Attempt, retry};
use super::secrets;
use super::settings::Settings;
use crate::auth::token::{AccessToken, AuthorizationFormat, TokenProvider};
use crate::error::Error;
use crate::observe::Outcome;
#[cfg(feature = "opentelemetry")]
use crate::observe::trace_context;
use crate::support::clock::{after, now};
use crate::support::redact::mark_sensitive;
use crate::transport::{TransportError, TransportResponse};

impl Request {
    /// Executes the call.
    pub(crate) async fn execute<T>(mut self, decode: Decode<T>) -> Result<Response<T>, Error> {
        let complete = self.complete();
        let mut call = Call::new(&self);
        let outcome = match complete {
            Ok(()) => {
                let span = call.recorder.span();
                span.around(call.with_token()).await.and_then(|response| call.decoded(response, decode))
            }
            Err(error) => Err(error),
        };
        let outcome = outcome.map_err(|error| error.in_operation(self.operation.name));
        call.recorder.end(&match &outcome {
            Ok(response) => Outcome::Response(response.status(), response.headers()),
            Err(error) => Outcome::Failure(error),
        });
        outcome
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
    /// The `authorization` header of the last attempt.
    authorization: Option<HeaderValue>,
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
            authorization: None,
        }
    }

    /// Sends the request with the token that it needs; if the service refuses that token, once more with another one.
    async fn with_token(&mut self) -> Result<TransportResponse, Error> {
        let Some(provider) = self.provider()? else {
            return self.with_retries(self.request.authorization().cloned()).await;
        };
        let token = self.token(provider).await?;
        let header = self.header_value(&token);
        let error = match self.with_retries(Some(header)).await {
            Err(error) if error.is_unauthorized() => error,
            outcome => return outcome,
        };
        // The service refused the token before doing anything, so even a POST may be sent again: once, and only with another token
        // than the refused one. Whether or not it is sent again, the refused token is not used any more.
        let budget = &self.settings.retry_budget;
        if token.is_fresh() || !provider.invalidate(&token) || budget.left() == 0 {
            return Err(error);
        }
        let another = self.token(provider).await?;
        if another == token {
            return Err(error);
        }
        let header = self.header_value(&another);
        let outcome = self.with_retries(Some(header)).await;
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

    async fn token(&self, provider: &dyn TokenProvider) -> Result<AccessToken, Error> {
        timeout_at(self.deadline, provider.token()).await.map_err(|_| {
            Error::timeout(format!("no token came within the call's {:?}; nothing was sent", self.timeout))
        })?
    }

    /// The `authorization` header in the format that the operation takes.
    fn header_value(&self, token: &AccessToken) -> HeaderValue {
        let bearer = match self.settings.defaults.authorization_format {
            AuthorizationFormat::Contract => self.request.operation.bearer,
            AuthorizationFormat::Raw => false,
            AuthorizationFormat::Bearer => true,
        };
        if bearer { token.bearer().clone() } else { token.raw().clone() }
    }

    /// Sends the request, as often as the retry policy allows.
    async fn with_retries(&mut self, authorization: Option<HeaderValue>) -> Result<TransportResponse, Error> {
        self.authorization = authorization;
        let policy = self.request.retry_policy.as_ref().unwrap_or(&self.settings.defaults.retry_policy);
        let idempotent = self.request.operation.is_idempotent();
        let (deadline, budget) = (self.deadline, Some(&*self.settings.retry_budget));
        retry(self, policy, idempotent, deadline, budget).await
    }

    /// Waits for the client's limits, where it has some.
    async fn acquire(&self) -> Result<Option<Permit>, Error> {
        let Some(limit) = &self.settings.rate_limit else { return Ok(None) };
        let permit = timeout_at(self.deadline, limit.acquire(self.settings.defaults.attempt_timeout)).await;
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
        let defaults = &self.settings.defaults;
        let limit = defaults.attempt_timeout.min(self.timeout);
        let deadline = self.deadline.min(after(defaults.attempt_timeout));
        let outgoing = self.request.outgoing(self.authorization.as_ref());
        #[cfg(feature = "opentelemetry")]
        let outgoing = trace_context::propagated(outgoing);
        let outcome = timeout_at(deadline, self.settings.transport.send(outgoing)).await;
        let failed = |error: TransportError| error.into_error(&self.settings.base_url);
        let mut response = outcome
            .map_err(|_| Error::timeout(format!("no complete response was received within {limit:?}")))?
            .map_err(failed)?;
        // A custom transport may not have kept the limit.
        if response.body.len() > defaults.body_limit {
            return Err(failed(TransportError::body_too_large()));
        }
        if let Err(error) = decompress(&mut response, defaults.body_limit) {
            self.mask_headers(&mut response);
            return Err(failed(error).in_response(response));
        }
        self.judged(response)
    }

    /// The response if it is a success, else its error.
    fn judged(&self, mut response: TransportResponse) -> Result<TransportResponse, Error> {
        if let Entry::Occupied(mut cookies) = response.headers.entry(SET_COOKIE) {
            cookies.iter_mut().for_each(|cookie| cookie.set_sensitive(true));
        }
        let status = response.status;
        if status.is_success() || (self.request.operation.raw && status.is_redirection()) {
            if let Some(token) = self.authorization.as_ref().and_then(secrets::token) {
                mark_sensitive(&mut response.headers, token);
            }
            return Ok(response);
        }
        let secrets = self.mask_headers(&mut response);
        Err(Error::service(response, &secrets))
    }

    /// The value of a response of success.
    fn decoded<T>(&self, mut response: TransportResponse, decode: Decode<T>) -> Result<Response<T>, Error> {
        match decode(&response.body) {
            Ok(value) => Ok(Response::from_parts(response.status, response.headers, value)),
            Err(reason) => {
                let secrets = self.mask_headers(&mut response);
                Err(self.counted(Error::undecodable(response, &reason, &secrets)))
            }
        }
    }

    /// The same error with how often the request was sent and how long that took.
    fn counted(&self, error: Error) -> Error {
        let elapsed = self.first_attempt.map_or(Duration::ZERO, |started| now() - started);
        error.after(self.recorder.attempts(), elapsed)
    }

    /// Marks the headers that repeat what was sent and must not be printed, and returns those secrets.
    fn mask_headers(&self, response: &mut TransportResponse) -> Vec<String> {
        let secrets = secrets::sent(self.request, self.authorization.as_ref());
        secrets.iter().for_each(|secret| mark_sensitive(&mut response.headers, secret));
        secrets
    }
}

impl Attempt for Call<'_> {
    type Output = TransportResponse;

    /// Sends the request once the client's limits allow it.
    async fn attempt(&mut self, previous: Option<Error>) -> Result<TransportResponse, Error> {
        let permit = match self.acquire().await {
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
        recorder.end(&match &outcome {
            Ok(response) => Outcome::Response(response.status, &response.headers),
            Err(error) => Outcome::Failure(error),
        });
        outcome.map_err(|error| self.counted(error))
    }
}
