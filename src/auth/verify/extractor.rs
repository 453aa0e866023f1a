//! Claims as an extractor of `axum`.

use axum_core::extract::{FromRef, FromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

use super::{Refusal, TokenClaims, TokenVerifier};

/// Verifies the request's bearer token with the [`TokenVerifier`] of the state. No layer is needed, and none can replace the rules of
/// that verifier: behind a [`VerificationLayer`](super::VerificationLayer), `Extension<TokenClaims>` has the claims that the layer
/// verified.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth};
/// use axum::{Router, routing::get};
///
/// async fn hello(claims: auth::TokenClaims) -> String {
///     format!("hello {:?}", claims.principal())
/// }
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let verifier = auth::TokenVerifier::for_project(&Client::new()?, "f5a16ce4-3d1c-4f26-a4f0-4a0b9fa35a5c")?;
/// let app: Router = Router::new().route("/hello", get(hello)).with_state(verifier);
/// # Ok(())
/// # }
/// ```
impl<S> FromRequestParts<S> for TokenClaims
where
    S: Send + Sync,
    TokenVerifier: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        // Claims in the extensions may come from a verifier with other rules, such as one that accepts any project.
        TokenVerifier::from_ref(state).verify_headers(&parts.headers).await
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), self.headers(), self.to_string()).into_response()
    }
}
