//! What a receiver of tokens responds with when it refuses a request.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::TokenClaims;
use crate::error::Error;

/// What to respond with to a request whose token is missing, was rejected, or could not be verified (RFC 6750, section 3).
///
/// | Case | [`status`](Self::status) | [`www_authenticate`](Self::www_authenticate) |
/// |---|---|---|
/// | no bearer token | 401 | `Bearer` |
/// | the token was rejected | 401 | `Bearer error="invalid_token"`, with a description |
/// | a scope is missing ([`TokenClaims::require_scope`]) | 403 | `Bearer error="insufficient_scope"`, with the scope |
/// | the header is malformed, or there are two | 400 | `Bearer error="invalid_request"`, with a description |
/// | the keys could not be fetched | 503 | none, but a [`retry_after`](Self::retry_after) |
#[derive(Clone, Debug)]
pub struct Refusal(Kind);

#[derive(Clone, Debug)]
enum Kind {
    NoToken,
    Malformed(&'static str),
    Rejected(Error),
    MissingScope(String),
    Unknown(Error),
}

impl Refusal {
    /// The status to respond with.
    pub fn status(&self) -> StatusCode {
        match &self.0 {
            Kind::NoToken | Kind::Rejected(_) => StatusCode::UNAUTHORIZED,
            Kind::Malformed(_) => StatusCode::BAD_REQUEST,
            Kind::MissingScope(_) => StatusCode::FORBIDDEN,
            Kind::Unknown(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The value of the `www-authenticate` header to respond with, where there is one.
    pub fn www_authenticate(&self) -> Option<HeaderValue> {
        let (code, extra) = match &self.0 {
            Kind::NoToken => return Some(HeaderValue::from_static("Bearer")),
            Kind::Malformed(why) => ("invalid_request", description(why)),
            Kind::Rejected(error) => ("invalid_token", description(&error.to_string())),
            Kind::MissingScope(scope) => ("insufficient_scope", format!(", scope=\"{}\"", quotable(scope))),
            Kind::Unknown(_) => return None,
        };
        HeaderValue::try_from(format!("Bearer error=\"{code}\"{extra}")).ok()
    }

    /// How long the caller should wait before the next request, where that helps: when the keys could not be fetched.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0 {
            Kind::Unknown(error) => Some(error.retry_after().unwrap_or(USUAL_WAIT).max(USUAL_WAIT)),
            _ => None,
        }
    }

    /// The headers to respond with: `www-authenticate` and `retry-after`, where there is one.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.extend(self.www_authenticate().map(|value| (WWW_AUTHENTICATE, value)));
        headers.extend(self.retry_after().map(|wait| (RETRY_AFTER, HeaderValue::from(wait.as_secs()))));
        headers
    }

    /// Why the token was rejected, or why the keys could not be fetched.
    pub fn error(&self) -> Option<&Error> {
        match &self.0 {
            Kind::Rejected(error) | Kind::Unknown(error) => Some(error),
            Kind::NoToken | Kind::Malformed(_) | Kind::MissingScope(_) => None,
        }
    }

    pub(super) fn of_error(error: Error) -> Self {
        Self(if error.is_token_rejected() { Kind::Rejected(error) } else { Kind::Unknown(error) })
    }
}

impl TokenClaims {
    /// Checks that `scope` was granted.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] with status 403 and `insufficient_scope` (RFC 6750, section 3.1).
    pub fn require_scope(&self, scope: impl AsRef<str>) -> Result<(), Refusal> {
        match self.has_scope(scope.as_ref()) {
            true => Ok(()),
            false => Err(Refusal(Kind::MissingScope(scope.as_ref().to_owned()))),
        }
    }
}

/// How long to wait when nobody says so.
const USUAL_WAIT: Duration = Duration::from_secs(1);

/// The token of the one `authorization` header, whose scheme is `Bearer` in any case (RFC 9110, section 11.1).
pub(super) fn bearer_token(headers: &HeaderMap) -> Result<&str, Refusal> {
    let malformed = |why| Refusal(Kind::Malformed(why));
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refusal(Kind::NoToken))?;
    if values.next().is_some() {
        return Err(malformed("there is more than one authorization header"));
    }
    let value = value.to_str().map_err(|_| malformed("the authorization header is not ASCII text"))?;
    let (scheme, token) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        // A bare token is not a scheme; any other scheme is not for us.
        return Err(match token {
            "" => malformed("the authorization header has no scheme: `Bearer` and the token are expected"),
            _ => Refusal(Kind::NoToken),
        });
    }
    let token = token.trim();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(is_token) {
        return Err(malformed("the authorization header has no token after `Bearer`"));
    }
    Ok(token)
}

fn description(text: &str) -> String {
    format!(", error_description=\"{}\"", quotable(text))
}

/// The characters that RFC 6750, section 3, allows between the quotes.
fn quotable(text: &str) -> String {
    text.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NoToken => f.write_str("the request has no bearer token"),
            Kind::Malformed(why) => f.write_str(why),
            Kind::Rejected(error) => write!(f, "{error}"),
            Kind::MissingScope(scope) => write!(f, "the token lacks the scope `{}`", quotable(scope)),
            Kind::Unknown(_) => f.write_str("the token cannot be verified at the moment"),
        }
    }
}

impl StdError for Refusal {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::Unknown(error) => Some(error),
            _ => None,
        }
    }
}
