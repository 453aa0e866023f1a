//! What a call needs to know of its client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use super::base_url::BaseUrl;
use super::header::OriginHeaders;
use super::rate_limit::RateLimit;
use super::retry::RetryPolicy;
use super::retry_budget::RetryBudget;
use crate::auth::token::{AuthorizationFormat, SecurityScheme, TokenProvider};
use crate::error::Error;
use crate::observe::CallObserver;
use crate::transport::AnyTransport;

/// What all calls of a client share.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    /// What the caller adds to every request to the base URL that the client was built with.
    pub(crate) default_headers: OriginHeaders,
    /// Why no call can be sent to it.
    pub(crate) refused: Option<Error>,
    pub(crate) transport: AnyTransport,
    pub(crate) retry_budget: Arc<RetryBudget>,
    pub(crate) rate_limit: Option<Arc<RateLimit>>,
    pub(crate) defaults: Defaults,
    pub(crate) credentials: Credentials,
}

/// What holds for a call unless the call itself sets it.
#[derive(Clone)]
pub(crate) struct Defaults {
    /// Sent with every request, wherever it goes.
    pub(crate) headers: HeaderMap,
    pub(crate) attempt_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) authorization_format: AuthorizationFormat,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) observer: Option<Arc<dyn CallObserver>>,
}

/// One provider for each security scheme of the API description.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    pub(crate) user_token: Option<Arc<dyn TokenProvider>>,
    pub(crate) project_token: Option<Arc<dyn TokenProvider>>,
    pub(crate) consumer_token: Option<Arc<dyn TokenProvider>>,
}

impl Credentials {
    pub(crate) fn user(provider: impl TokenProvider) -> Self {
        Self { user_token: Some(Arc::new(provider)), ..Self::default() }
    }

    /// The provider for `scheme`.
    ///
    /// # Errors
    ///
    /// [`Error::is_missing_token`], naming the builder method to call.
    pub(crate) fn provider(&self, scheme: SecurityScheme) -> Result<&dyn TokenProvider, Error> {
        let (provider, missing) = match scheme {
            SecurityScheme::UserTokenAuth => (
                &self.user_token,
                "the operation needs a user token and the client has none: set one with `ClientBuilder::user_token` or \
                 `ClientBuilder::personal_access_token`, or the environment variables TOKEN_ID and PRIVATE_KEY for `from_env`",
            ),
            SecurityScheme::ProjectTokenAuth => (
                &self.project_token,
                "the operation needs a project token and the client has none: set one with `ClientBuilder::project_token`, or \
                 with `ClientBuilder::personal_access_token` and a project, or the environment variables TOKEN_ID, PRIVATE_KEY and \
                 PROJECT_ID for `from_env`",
            ),
            SecurityScheme::ConsumerTokenAuth => (
                &self.consumer_token,
                "the operation needs a consumer token and the client has none: set one with `ClientBuilder::consumer_token` or \
                 `ClientBuilder::consumer_credential`",
            ),
        };
        provider.as_deref().ok_or_else(|| Error::missing_token(missing))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user_token", &self.user_token.is_some())
            .field("project_token", &self.project_token.is_some())
            .field("consumer_token", &self.consumer_token.is_some())
            .finish()
    }
}
