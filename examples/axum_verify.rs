//! A service that receives tokens: an axum handler verifies the caller's token locally, without a request per token.
//!
//! ```sh
//! cargo run --example axum_verify
//! ```

use std::error::Error;
use std::sync::Arc;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{self, TokenVerifier};
use affinidi_tdk_iam_client::{Client, http};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};

/// `GET /hello`, for callers with a consumer token.
async fn hello(State(verifier): State<Arc<TokenVerifier>>, headers: HeaderMap) -> Response {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match verifier.verify(authorization.trim_start_matches("Bearer ")).await {
        Ok(claims) => {
            let scope = claims.scopes.join(" ");
            format!("hello {}, you may {scope}", claims.subject.unwrap_or_default()).into_response()
        }
        // The token is invalid. The failed check is for the log, not for the caller.
        Err(error) if error.is_token_rejected() => {
            println!("rejected a token: {error} ({:?})", error.rejection());
            let challenge = [(WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#)];
            (StatusCode::UNAUTHORIZED, challenge, "who are you?").into_response()
        }
        // The public keys could not be fetched, so the token was not checked: the caller may retry.
        Err(error) => {
            println!("cannot verify tokens: {error}");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The accepted issuer and audience. The local service issues tokens for itself.
    let iam = LocalIam::start().await?;
    let client = Client::builder().base_url(iam.base_url()).build()?;
    let verifier = TokenVerifier::builder(&client).any_project().build()?;

    let app = Router::new().route("/hello", get(hello)).with_state(Arc::new(verifier));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/hello", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, app).await });

    // A consumer calls: first with its token, then with a token whose signature was changed.
    let signer = auth::DidKeySigner::generate(auth::Algorithm::Es256)?;
    let consumer = auth::ConsumerCredential::builder().signer(signer).base_url(iam.base_url()).build()?;
    let good = consumer.token().await?.secret().to_owned();
    let mut bad = good.clone();
    bad.truncate(good.len() - 8);
    bad.push_str("AAAAAAAA");

    let http = reqwest::Client::new();
    for token in [good, bad] {
        let response = http.get(&url).bearer_auth(token).send().await?;
        println!("{}: {}", response.status(), response.text().await?);
    }
    Ok(())
}
