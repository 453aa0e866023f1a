//! The way of every call: credentials, attempt, answer.

use std::time::Duration;

use http::HeaderValue;
use http::header::{Entry, SET_COOKIE};
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
use crate::request::Request;
use crate::retry::RetryPolicy;
#[cfg(feature = "opentelemetry")]
use crate::trace_context;
use crate::transport::{TransportError, TransportResponse};

/// One call, from the token to the last answer.
pub(crate) struct Call<'a> {
    request: &'a Request,
    settings: &'a Settings,
    retry_policy: &'a RetryPolicy,
    deadline: Instant,
    timeout: Duration,
    watch: &'a Watch<'a>,
}

impl<'a> Call<'a> {
    /// A call that begins now.
    pub(crate) fn new(request: &'a Request, watch: &'a Watch<'a>) -> Self {
        let settings = request.client.settings();
        let timeout = request.timeout.unwrap_or(settings.timeout);
        let retry_policy = request.retry_policy.as_ref().unwrap_or(&settings.retry_policy);
        Self { request, settings, retry_policy, deadline: after(timeout), timeout, watch }
    }

    /// Makes the call and returns its answer of success, decompressed, with what to judge it by.
    pub(crate) async fn make(self) -> Result<(TransportResponse, Sent<'a>), Error> {
        let mut sent = Sent::new(self.request);
        let Some(provider) = self.provider()? else {
            let response = self.send(None, &mut sent).await?;
            return Ok((response, sent));
        };
        let mut refused: Option<(AccessToken, Error)> = None;
        loop {
            let token = self.token(provider).await?;
            if let Some((before, error)) = &refused
                && token == *before
            {
                return Err(error.clone());
            }
            match self.send(Some(self.authorization(&token)), &mut sent).await {
                Ok(response) => return Ok((response, sent)),
                // The service refused the token before doing anything, so even a POST may be repeated; once, and only
                // with another token than the refused one.
                Err(error)
                    if refused.is_none()
                        && error.is_unauthorized()
                        && !token.is_fresh()
                        && provider.rejected(&token) =>
                {
                    refused = Some((token, error));
                }
                Err(error) => return Err(error),
            }
        }
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

    /// The provider's token.
    async fn token(&self, provider: &dyn TokenProvider) -> Result<AccessToken, Error> {
        timeout_at(self.deadline, provider.token()).await.map_err(|_| {
            Error::timeout(format!("no token came within the call's {:?}; nothing was sent", self.timeout))
        })?
    }

    /// The form in which the operation's `authorization` header takes the token.
    fn authorization<'t>(&self, token: &'t AccessToken) -> &'t HeaderValue {
        let bearer = match self.settings.authorization_form {
            AuthorizationForm::Contract => self.request.operation.bearer,
            AuthorizationForm::Raw => false,
            AuthorizationForm::Bearer => true,
        };
        if bearer { token.bearer() } else { token.raw() }
    }

    /// Sends the request with this token, as often as the retry policy says.
    async fn send(
        &self,
        token: Option<&HeaderValue>,
        sent: &mut Sent<'_>,
    ) -> Result<TransportResponse, Error> {
        let idempotent = self.request.operation.is_idempotent();
        let budget = &self.settings.retry_budget;
        sent.authorization = token.or(self.request.authorization()).cloned();
        let mut attempt = 1;
        let mut last = None;
        loop {
            let place = match self.place().await {
                Ok(place) => place,
                // What kept the service from answering tells more than what kept this client from asking again.
                Err(error) => return Err(last.unwrap_or(error)),
            };
            sent.count();
            let error = match self.attempt(token, sent).await {
                Ok(response) => {
                    budget.succeed();
                    return Ok(response);
                }
                Err(error) => error,
            };
            drop(place);
            let wait = self.retry_policy.wait(attempt, &error, idempotent, random::up_to);
            let next = wait.and_then(|wait| now().checked_add(wait)).filter(|next| *next < self.deadline);
            let error = sent.counted(error);
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
    async fn attempt(
        &self,
        token: Option<&HeaderValue>,
        sent: &Sent<'_>,
    ) -> Result<TransportResponse, Error> {
        let watch = self.watch.attempt();
        let outcome = watch.around(self.exchange(token, sent)).await;
        watch.end(match &outcome {
            Ok(response) => Outcome::Answer(response.status, &response.headers),
            Err(error) => Outcome::Failure(error),
        });
        outcome
    }

    async fn exchange(
        &self,
        token: Option<&HeaderValue>,
        sent: &Sent<'_>,
    ) -> Result<TransportResponse, Error> {
        let limit = self.settings.attempt_timeout.min(self.timeout);
        let deadline = self.deadline.min(after(self.settings.attempt_timeout));
        let outgoing = self.request.outgoing(token);
        #[cfg(feature = "opentelemetry")]
        let outgoing = trace_context::propagated(outgoing);
        let answer = timeout_at(deadline, self.settings.transport.send(outgoing)).await;
        let failed = |error| Error::transport(error, &self.settings.base_url);
        let mut response = answer
            .map_err(|_| Error::timeout(format!("no whole answer came within {limit:?}")))?
            .map_err(failed)?;
        // A custom transport may not have kept the limit.
        if response.body.len() > self.settings.body_limit {
            return Err(failed(TransportError::body_too_large()));
        }
        if let Err(error) = decompress(&mut response, self.settings.body_limit) {
            sent.hide(&mut response);
            return Err(failed(error).in_answer(response));
        }
        sent.accept(response)
    }
}

/// What an answer is judged by: what was sent.
pub(crate) struct Sent<'a> {
    request: &'a Request,
    authorization: Option<HeaderValue>,
    attempts: u32,
    /// When the first attempt began.
    started: Option<Instant>,
}

impl<'a> Sent<'a> {
    /// Nothing yet.
    fn new(request: &'a Request) -> Self {
        Self { request, authorization: None, attempts: 0, started: None }
    }

    /// One attempt begins.
    fn count(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
        self.started.get_or_insert_with(now);
    }

    fn accept(&self, mut response: TransportResponse) -> Result<TransportResponse, Error> {
        if let Entry::Occupied(mut cookies) = response.headers.entry(SET_COOKIE) {
            cookies.iter_mut().for_each(|cookie| cookie.set_sensitive(true));
        }
        let status = response.status;
        if status.is_success() || (self.request.operation.raw && status.is_redirection()) {
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
        self.counted(Error::undecodable(response, reason, &secrets)).in_operation(self.request.operation.name)
    }

    /// The same error, which then says how often the request was sent and how long that took.
    fn counted(&self, error: Error) -> Error {
        let elapsed = self.started.map_or(Duration::ZERO, |started| now() - started);
        error.after(self.attempts, elapsed)
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
        let Request { operation, body, .. } = self.request;
        let body: Value = match operation.secrets {
            [] => Value::Null,
            _ => serde_json::from_slice(body).unwrap_or_else(|_| form(body)),
        };
        let members = operation.secrets.iter();
        let members = members.filter_map(|member| Some(body.get(member)?.as_str()?.to_owned()));
        self.token().map(str::to_owned).into_iter().chain(members).collect()
    }
}

/// The members of a form (RFC 6749, appendix B).
fn form(body: &[u8]) -> Value {
    let members = url::form_urlencoded::parse(body).into_owned();
    Value::Object(members.map(|(name, value)| (name, Value::String(value))).collect())
}
