//! The way of every call: credentials, attempt, answer.

use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, Entry, SET_COOKIE};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::Error;
use crate::auth::AuthorizationForm;
use crate::client::Settings;
use crate::decode::decompress;
use crate::redact::hide;
use crate::request::{Operation, Request};
use crate::transport::{TransportError, TransportRequest, TransportResponse};

/// Makes the call and returns its answer of success, decompressed, with what to judge it by.
pub(crate) async fn call(mut request: Request) -> Result<(TransportResponse, Sent), Error> {
    let client = request.client.clone();
    let settings = client.settings();
    let operation = request.operation;
    let timeout = request.timeout.unwrap_or(settings.timeout);
    let deadline = after(timeout);
    let url = request.take_url()?;

    authorize(&mut request, settings, deadline, timeout).await?;
    let sent = Sent {
        operation,
        authorization: request.headers.get(AUTHORIZATION).cloned(),
        body: request.body.clone(),
    };
    let outgoing = TransportRequest {
        method: operation.method.clone(),
        url,
        headers: request.headers,
        body: request.body,
        body_limit: settings.body_limit,
        operation: operation.name,
    };

    // One attempt. Repeating it (retry policy, a rejected token) belongs here and nowhere else.
    let limit = settings.attempt_timeout.min(timeout);
    let response = attempt(settings, outgoing, deadline.min(after(settings.attempt_timeout)), limit).await?;
    Ok((sent.accept(response)?, sent))
}

/// Puts the token that the operation's security scheme asks for into the request, unless the caller chose one.
async fn authorize(
    request: &mut Request,
    settings: &Settings,
    deadline: Instant,
    timeout: Duration,
) -> Result<(), Error> {
    let Some(scheme) = request.operation.security else { return Ok(()) };
    if request.headers.contains_key(AUTHORIZATION) {
        return Ok(());
    }
    let token = settings.credentials.provider(scheme)?.token();
    let token = timeout_at(deadline, token).await.map_err(|_| {
        Error::timeout(format!("no token came within the call's {timeout:?}; nothing was sent"))
    })??;
    let bearer = match settings.authorization_form {
        AuthorizationForm::Contract => request.operation.bearer,
        AuthorizationForm::Raw => false,
        AuthorizationForm::Bearer => true,
    };
    let value = if bearer { token.bearer() } else { token.raw() };
    request.headers.insert(AUTHORIZATION, value.clone());
    Ok(())
}

/// Sends once.
async fn attempt(
    settings: &Settings,
    request: TransportRequest,
    deadline: Instant,
    limit: Duration,
) -> Result<TransportResponse, Error> {
    let failed = |error| Error::transport(error, &settings.base_url);
    let answer = timeout_at(deadline, settings.transport.send(request)).await;
    let mut response = answer
        .map_err(|_| Error::timeout(format!("no whole answer came within {limit:?}")))?
        .map_err(failed)?;
    // A custom transport may not have kept the limit.
    if response.body.len() > settings.body_limit {
        return Err(failed(TransportError::body_too_large()));
    }
    match decompress(&mut response, settings.body_limit) {
        Ok(()) => Ok(response),
        Err(error) => Err(failed(error).in_answer(response)),
    }
}

/// What an answer is judged by: what was sent.
pub(crate) struct Sent {
    operation: &'static Operation,
    authorization: Option<HeaderValue>,
    body: bytes::Bytes,
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
        Error::undecodable(response, reason, &secrets).in_operation(self.operation.name)
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
            _ => serde_json::from_slice(&self.body).unwrap_or_default(),
        };
        let members =
            self.operation.secrets.iter().filter_map(|member| Some(body.get(member)?.as_str()?.to_owned()));
        self.token().map(str::to_owned).into_iter().chain(members).collect()
    }
}

/// The moment `duration` from now, or one that never comes.
fn after(duration: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);
    let now = Instant::now();
    now.checked_add(duration).unwrap_or(now + NEVER)
}
