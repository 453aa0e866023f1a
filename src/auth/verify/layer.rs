//! A `tower` layer for services that receive tokens.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::{Refusal, TokenClaims, TokenVerifier};

/// Verifies the bearer token of each request before the service behind it is called: for `axum`, `tonic`, `hyper` and everything
/// else that takes an `http::Request`.
///
/// The [`TokenClaims`] of a good token are in the request's extensions. Any other request gets the response of its [`Refusal`]
/// (status, `www-authenticate`, `retry-after`, an empty body), and the service is not called.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth};
/// use axum::{Extension, Router, routing::get};
///
/// async fn hello(Extension(claims): Extension<auth::TokenClaims>) -> String {
///     format!("hello {:?}", claims.principal())
/// }
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let verifier = auth::TokenVerifier::for_project(&Client::new()?, "f5a16ce4-3d1c-4f26-a4f0-4a0b9fa35a5c")?;
/// let app: Router = Router::new().route("/hello", get(hello)).layer(auth::VerificationLayer::new(verifier));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct VerificationLayer {
    verifier: TokenVerifier,
}

impl VerificationLayer {
    /// A layer that lets requests pass whose token `verifier` accepts.
    pub fn new(verifier: TokenVerifier) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for VerificationLayer {
    type Service = VerificationService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        VerificationService { verifier: self.verifier.clone(), inner }
    }
}

/// The service of a [`VerificationLayer`].
#[derive(Clone, Debug)]
pub struct VerificationService<S> {
    verifier: TokenVerifier,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for VerificationService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let verifier = self.verifier.clone();
        // The service that is ready is this one; its clone may not be.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            match verifier.verify_headers(request.headers()).await {
                Ok(claims) => {
                    request.extensions_mut().insert::<TokenClaims>(claims);
                    inner.call(request).await
                }
                Err(refusal) => Ok(response(&refusal)),
            }
        })
    }
}

fn response<R: Default>(refusal: &Refusal) -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = refusal.status();
    *response.headers_mut() = refusal.headers();
    response
}
