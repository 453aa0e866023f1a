//! A `tower` layer that puts a token into requests to other services.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;
use url::{Origin, Url};

use super::token::{AccessToken, AuthorizationFormat, TokenProvider};
use crate::call::BaseUrl;
use crate::error::Error;

/// Puts the token of a credential into requests to other services of Affinidi: for `reqwest`, `hyper`, `tonic` and everything else
/// that is a `tower` service of `reqwest::Request` or `http::Request`.
///
/// Only requests to the [origins](Self::origin) in its list get the token; to all others nothing is added. A request that has
/// an `authorization` header keeps it.
///
/// When the service refuses the token, with 401 or with the gRPC status `UNAUTHENTICATED` in the headers, the credential has it
/// replaced, and the request is sent once more if its body can be: one of `reqwest` that is not a stream, or one of `http` that is
/// empty. Otherwise the next request gets the new token.
///
/// The errors are those of the service below, and [`Error`] where no token could be had.
///
/// ```
/// use affinidi_tdk_iam_client::auth::{AuthorizationLayer, PersonalAccessToken};
/// use tower_layer::Layer;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let pem = concat!("-----BEGIN PRIVATE KEY-----\n",
/// #     "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\n",
/// #     "OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r\n",
/// #     "1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G\n-----END PRIVATE KEY-----\n");
/// let credential = PersonalAccessToken::builder()
///     .token_id("6ccd0a2e-e135-4037-b399-00039b362034")
///     .project_id("f5a16ce4-3d1c-4f26-a4f0-4a0b9fa35a5c")
///     .private_key_pem(pem)
///     .build()?;
/// let layer = AuthorizationLayer::new(credential.project_tokens()?).origin("https://apse1.api.affinidi.io")?;
/// let wallets = layer.layer(reqwest::Client::new());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AuthorizationLayer(Arc<Settings>);

#[derive(Clone)]
struct Settings {
    tokens: Arc<dyn TokenProvider>,
    format: AuthorizationFormat,
    origins: Vec<Origin>,
}

impl AuthorizationLayer {
    /// A layer with tokens from `tokens`, such as [`PersonalAccessToken::project_tokens`](super::PersonalAccessToken::project_tokens).
    /// Its list of origins is empty.
    pub fn new(tokens: impl TokenProvider) -> Self {
        let format = AuthorizationFormat::default();
        Self(Arc::new(Settings { tokens: Arc::new(tokens), format, origins: Vec::new() }))
    }

    /// Adds an origin whose requests get the token: `https` and a host, such as `https://apse1.api.affinidi.io`, with a port if it
    /// is not 443. Plain `http` is for loopback addresses only.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when `origin` is another kind of URL, or has a path, a query, or user information.
    pub fn origin(mut self, origin: impl AsRef<str>) -> Result<Self, Error> {
        let url = BaseUrl::checked("origin", origin.as_ref(), false)?;
        if !matches!(url.path(), "" | "/") {
            return Err(Error::configuration(
                "the origin has a path: leave it out, only scheme, host and port are compared",
            ));
        }
        // Unlike the client, what is below the layer may look such a name up.
        if url.scheme() == "http" && url.domain().is_some() {
            return Err(Error::configuration(
                "the origin is plain http to a name: write the loopback address",
            ));
        }
        Arc::make_mut(&mut self.0).origins.push(url.origin());
        Ok(self)
    }

    /// How the token is written into the header. Default [`AuthorizationFormat::Contract`], which here is the bare token, as
    /// Affinidi's services take it.
    #[must_use]
    pub fn format(mut self, format: AuthorizationFormat) -> Self {
        Arc::make_mut(&mut self.0).format = format;
        self
    }
}

impl<S> Layer<S> for AuthorizationLayer {
    type Service = AuthorizationService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthorizationService { settings: self.0.clone(), inner }
    }
}

impl fmt::Debug for AuthorizationLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins: Vec<_> = self.origins.iter().map(Origin::ascii_serialization).collect();
        f.debug_struct("AuthorizationLayer")
            .field("format", &self.format)
            .field("origins", &origins)
            .finish_non_exhaustive()
    }
}

/// The service of an [`AuthorizationLayer`].
#[derive(Clone, Debug)]
pub struct AuthorizationService<S> {
    settings: Arc<Settings>,
    inner: S,
}

type BoxError = Box<dyn StdError + Send + Sync>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

impl<S> Service<reqwest::Request> for AuthorizationService<S>
where
    S: Service<reqwest::Request, Response = reqwest::Response> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
{
    type Response = reqwest::Response;
    type Error = BoxError;
    type Future = BoxFuture<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: reqwest::Request) -> Self::Future {
        self.send(request)
    }
}

impl<S, B, R> Service<http::Request<B>> for AuthorizationService<S>
where
    S: Service<http::Request<B>, Response = http::Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body + Default + Send + 'static,
    R: Send + 'static,
{
    type Response = http::Response<R>;
    type Error = BoxError;
    type Future = BoxFuture<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        self.send(request)
    }
}

impl<S> AuthorizationService<S> {
    fn send<Q: Outgoing>(&mut self, mut request: Q) -> BoxFuture<S::Response>
    where
        S: Service<Q> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        S::Response: Incoming,
    {
        let settings = self.settings.clone();
        // The service that is ready is this one; its clone may not be.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            if request.headers_mut().contains_key(AUTHORIZATION)
                || !settings.is_listed(request.url().as_ref())
            {
                return inner.call(request).await.map_err(Into::into);
            }
            let token = settings.token().await?;
            settings.attach(&mut request, &token);
            let copy = request.copy();
            let response = inner.call(request).await.map_err(Into::into)?;
            // A service that the request was redirected to has not seen the token, and says nothing about it.
            if !response.is_refusal() || response.url().is_some_and(|url| !settings.is_listed(Some(url))) {
                return Ok(response);
            }
            if token.is_fresh() || !settings.tokens.invalidate(&token) {
                return Ok(response);
            }
            let Some(mut request) = copy else { return Ok(response) };
            // The refusal says more than an error about the next token would.
            let Ok(another) = settings.token().await else { return Ok(response) };
            if another == token {
                return Ok(response);
            }
            settings.attach(&mut request, &another);
            poll_fn(|context| inner.poll_ready(context)).await.map_err(Into::into)?;
            inner.call(request).await.map_err(Into::into)
        })
    }
}

impl Settings {
    fn is_listed(&self, url: Option<&Url>) -> bool {
        url.is_some_and(|url| self.origins.contains(&url.origin()))
    }

    async fn token(&self) -> Result<AccessToken, Error> {
        match self.tokens.cached() {
            Some(token) => Ok(token),
            None => self.tokens.token().await,
        }
    }

    fn attach(&self, request: &mut impl Outgoing, token: &AccessToken) {
        request.headers_mut().insert(AUTHORIZATION, token.header_value(self.format));
    }
}

/// What the layer has to know of a request.
trait Outgoing: Sized + Send + 'static {
    /// Where it goes, if it says so.
    fn url(&self) -> Option<Url>;

    fn headers_mut(&mut self) -> &mut HeaderMap;

    /// The same request once more, if its body can be sent again.
    fn copy(&self) -> Option<Self>;
}

impl Outgoing for reqwest::Request {
    fn url(&self) -> Option<Url> {
        Some(Self::url(self).clone())
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        Self::headers_mut(self)
    }

    fn copy(&self) -> Option<Self> {
        self.try_clone()
    }
}

impl<B: Body + Default + Send + 'static> Outgoing for http::Request<B> {
    fn url(&self) -> Option<Url> {
        Url::parse(&self.uri().to_string()).ok()
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        Self::headers_mut(self)
    }

    fn copy(&self) -> Option<Self> {
        self.body().is_end_stream().then(|| {
            let mut copy = Self::new(B::default());
            *copy.method_mut() = self.method().clone();
            *copy.uri_mut() = self.uri().clone();
            *copy.version_mut() = self.version();
            *copy.headers_mut() = self.headers().clone();
            *copy.extensions_mut() = self.extensions().clone();
            copy
        })
    }
}

/// What the layer has to know of a response.
trait Incoming: Send {
    fn status(&self) -> StatusCode;

    fn headers(&self) -> &HeaderMap;

    /// Who answered, if the client followed redirects.
    fn url(&self) -> Option<&Url>;

    fn is_refusal(&self) -> bool {
        const UNAUTHENTICATED: &str = "16";
        let grpc_status = self.headers().get("grpc-status");
        self.status() == StatusCode::UNAUTHORIZED
            || grpc_status.is_some_and(|status| status == UNAUTHENTICATED)
    }
}

impl Incoming for reqwest::Response {
    fn status(&self) -> StatusCode {
        Self::status(self)
    }

    fn headers(&self) -> &HeaderMap {
        Self::headers(self)
    }

    fn url(&self) -> Option<&Url> {
        Some(Self::url(self))
    }
}

impl<R: Send> Incoming for http::Response<R> {
    fn status(&self) -> StatusCode {
        Self::status(self)
    }

    fn headers(&self) -> &HeaderMap {
        Self::headers(self)
    }

    fn url(&self) -> Option<&Url> {
        None
    }
}
