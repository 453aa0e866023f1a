//! The way of every call: credentials, attempt, answer.

use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, Entry, SET_COOKIE};
use serde_json::Value;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::Error;
use crate::auth::{AccessToken, AuthorizationForm, TokenProvider, random};
use crate::client::Settings;
use crate::clock::{after, now};
use crate::decode::decompress;
use crate::observe::{Outcome, Watch};
use crate::rate_limit::Place;
use crate::redact::hide;
use crate::request::Operation;
use crate::retry::RetryPolicy;
#[cfg(feature = "opentelemetry")]
use crate::trace_context;
use crate::transport::{TransportError, TransportFuture, TransportRequest, TransportResponse};

/// One call, from the token to the last answer.
pub(crate) struct Call<'a> {
    settings: &'a Settings,
    operation: &'static Operation,
    retry_policy: &'a RetryPolicy,
    deadline: Instant,
    timeout: Duration,
    watch: &'a Watch<'a>,
}

impl<'a> Call<'a> {
    /// A call that begins now; without `timeout` or `retry_policy` the client's apply.
    pub(crate) fn new(
        settings: &'a Settings,
        operation: &'static Operation,
        timeout: Option<Duration>,
        retry_policy: Option<&'a RetryPolicy>,
        watch: &'a Watch<'a>,
    ) -> Self {
        let timeout = timeout.unwrap_or(settings.timeout);
        let retry_policy = retry_policy.unwrap_or(&settings.retry_policy);
        Self { settings, operation, retry_policy, deadline: after(timeout), timeout, watch }
    }

    /// Makes the call and returns its answer of success, decompressed, with what to judge it by.
    pub(crate) async fn make(
        &self,
        outgoing: &mut TransportRequest,
    ) -> Result<(TransportResponse, Sent), Error> {
        let provider = self.provider(outgoing)?;
        let mut refused: Option<(AccessToken, Error)> = None;
        loop {
            let token = match provider {
                Some(provider) => Some(self.authorize(outgoing, provider).await?),
                None => None,
            };
            if let Some((before, error)) = &refused
                && token.as_ref() == Some(before)
            {
                return Err(error.clone());
            }
            match (self.send(outgoing).await, provider, token) {
                // The service refused the token before doing anything, so even a POST may be repeated; once, and only
                // with another token than the refused one.
                (Err(error), Some(provider), Some(token))
                    if refused.is_none()
                        && error.is_unauthorized()
                        && !token.is_fresh()
                        && provider.rejected(&token) =>
                {
                    refused = Some((token, error));
                }
                (outcome, ..) => return outcome,
            }
        }
    }

    /// Who supplies the token, where the operation needs one and the caller did not choose it.
    fn provider(&self, request: &TransportRequest) -> Result<Option<&dyn TokenProvider>, Error> {
        match self.operation.security {
            Some(scheme) if !request.headers.contains_key(AUTHORIZATION) => {
                self.settings.credentials.provider(scheme).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Puts the provider's token into the request.
    async fn authorize(
        &self,
        request: &mut TransportRequest,
        provider: &dyn TokenProvider,
    ) -> Result<AccessToken, Error> {
        let token = timeout_at(self.deadline, provider.token()).await.map_err(|_| {
            Error::timeout(format!("no token came within the call's {:?}; nothing was sent", self.timeout))
        })??;
        let bearer = match self.settings.authorization_form {
            AuthorizationForm::Contract => self.operation.bearer,
            AuthorizationForm::Raw => false,
            AuthorizationForm::Bearer => true,
        };
        let value = if bearer { token.bearer() } else { token.raw() };
        request.headers.insert(AUTHORIZATION, value.clone());
        Ok(token)
    }

    /// Sends the request as it is, as often as the retry policy says.
    async fn send(&self, request: &TransportRequest) -> Result<(TransportResponse, Sent), Error> {
        let budget = &self.settings.retry_budget;
        let started = now();
        let mut attempt = 1;
        let mut last = None;
        loop {
            let place = match self.place().await {
                Ok(place) => place,
                // What kept the service from answering tells more than what kept this client from asking again.
                Err(error) => return Err(last.unwrap_or(error)),
            };
            let error = match self.attempt(request).await {
                Ok((response, sent)) => {
                    budget.succeed();
                    return Ok((response, Sent { attempts: attempt, started, ..sent }));
                }
                Err(error) => error,
            };
            drop(place);
            let wait = self.retry_policy.wait(attempt, &error, self.operation.is_idempotent(), random::up_to);
            let next = wait.and_then(|wait| now().checked_add(wait)).filter(|next| *next < self.deadline);
            let error = error.after(attempt, now() - started);
            let Some(next) = next.filter(|_| budget.take()) else {
                return Err(error);
            };
            sleep_until(next).await;
            last = Some(error);
            attempt += 1;
        }
    }

    /// Waits for the client's own limits, where it has some.
    async fn place(&self) -> Result<Option<Place<'_>>, Error> {
        let Some(limit) = &self.settings.rate_limit else { return Ok(None) };
        let place = timeout_at(self.deadline, limit.place()).await;
        place.map(Some).map_err(|_| {
            Error::timeout(format!(
                "the client's own limits, `requests_per_second` and `max_concurrent_requests`, let nothing be sent within \
                 the call's {:?}",
                self.timeout
            ))
        })
    }

    /// Sends the request once.
    async fn attempt(&self, request: &TransportRequest) -> Result<(TransportResponse, Sent), Error> {
        let watch = self.watch.attempt();
        let outcome = watch.around(self.exchange(request)).await;
        watch.end(match &outcome {
            Ok((response, _)) => Outcome::Answer(response.status, &response.headers),
            Err(error) => Outcome::Failure(error),
        });
        outcome
    }

    async fn exchange(&self, request: &TransportRequest) -> Result<(TransportResponse, Sent), Error> {
        let sent = Sent {
            operation: self.operation,
            authorization: request.headers.get(AUTHORIZATION).cloned(),
            body: request.body.clone(),
            attempts: 1,
            started: now(),
        };
        let limit = self.settings.attempt_timeout.min(self.timeout);
        let deadline = self.deadline.min(after(self.settings.attempt_timeout));
        let request = request.clone();
        #[cfg(feature = "opentelemetry")]
        let request = trace_context::propagated(request);
        let answer = self.settings.transport.send(request);
        let response = attempt(self.settings, answer, deadline, limit, &sent).await?;
        Ok((sent.accept(response)?, sent))
    }
}

/// Reads the answer of one attempt.
async fn attempt(
    settings: &Settings,
    answer: TransportFuture<'_>,
    deadline: Instant,
    limit: Duration,
    sent: &Sent,
) -> Result<TransportResponse, Error> {
    let failed = |error| Error::transport(error, &settings.base_url);
    let answer = timeout_at(deadline, answer).await;
    let mut response = answer
        .map_err(|_| Error::timeout(format!("no whole answer came within {limit:?}")))?
        .map_err(failed)?;
    // A custom transport may not have kept the limit.
    if response.body.len() > settings.body_limit {
        return Err(failed(TransportError::body_too_large()));
    }
    match decompress(&mut response, settings.body_limit) {
        Ok(()) => Ok(response),
        Err(error) => {
            sent.hide(&mut response);
            Err(failed(error).in_answer(response))
        }
    }
}

/// What an answer is judged by: what was sent.
pub(crate) struct Sent {
    operation: &'static Operation,
    authorization: Option<HeaderValue>,
    body: bytes::Bytes,
    attempts: u32,
    /// When the first attempt began.
    started: Instant,
}

impl Sent {
    fn accept(&self, mut response: TransportResponse) -> Result<TransportResponse, Error> {
        if let Entry::Occupied(mut cookies) = response.headers.entry(SET_COOKIE) {
            cookies.iter_mut().for_each(|cookie| cookie.set_sensitive(true));
        }
        let status = response.status;
        if status.is_success() || (self.operation.raw && status.is_redirection()) {
            if let Some(token) = self.token() {
                hide(&mut response.headers, token);
            }
            return Ok(response);
        }
        let secrets = self.hide(&mut response);
        Err(Error::service(response, &secrets))
    }

    /// The error of an answer of success whose body does not fit, for the `reason` given.
    pub(crate) fn undecodable(&self, mut response: TransportResponse, reason: &str) -> Error {
        let secrets = self.hide(&mut response);
        Error::undecodable(response, reason, &secrets)
            .in_operation(self.operation.name)
            .after(self.attempts, now() - self.started)
    }

    /// Hides in the headers what was sent and must not come back, and returns it.
    fn hide(&self, response: &mut TransportResponse) -> Vec<String> {
        let secrets = self.secrets();
        secrets.iter().for_each(|secret| hide(&mut response.headers, secret));
        secrets
    }

    /// What is secret in the `authorization` header: all but the name of the authentication scheme.
    fn token(&self) -> Option<&str> {
        let value = self.authorization.as_ref()?.to_str().ok()?;
        Some(value.split_once(' ').map_or(value, |(_, token)| token))
    }

    /// What was sent and must not come back in a message.
    fn secrets(&self) -> Vec<String> {
        let body: Value = match self.operation.secrets {
            [] => Value::Null,
            _ => serde_json::from_slice(&self.body).unwrap_or_else(|_| form(&self.body)),
        };
        let members =
            self.operation.secrets.iter().filter_map(|member| Some(body.get(member)?.as_str()?.to_owned()));
        self.token().map(str::to_owned).into_iter().chain(members).collect()
    }
}

/// The members of a form (RFC 6749, appendix B).
fn form(body: &[u8]) -> Value {
    let members = url::form_urlencoded::parse(body).into_owned();
    Value::Object(members.map(|(name, value)| (name, Value::String(value))).collect())
}
