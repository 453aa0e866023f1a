//! Calls another service of Affinidi with the project token of this one, and what happens when that service refuses the token.
//!
//! ```sh
//! cargo run --example other_services --features axum
//! ```

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{AuthorizationLayer, PersonalAccessToken, TokenVerifier};
use affinidi_tdk_iam_client::{Client, http};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

/// A service that takes project tokens, like the real ones as a bare token; it refuses the first.
#[derive(Clone)]
struct Wallets {
    verifier: TokenVerifier,
    has_refused: Arc<AtomicBool>,
}

async fn list(State(wallets): State<Wallets>, headers: HeaderMap) -> Result<&'static str, StatusCode> {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok());
    let Some(token) = token else { return Err(StatusCode::FORBIDDEN) };
    if !wallets.has_refused.swap(true, Ordering::SeqCst) {
        println!("wallets: this token is refused");
        return Err(StatusCode::UNAUTHORIZED);
    }
    let claims = wallets.verifier.verify(token).await.map_err(|_| StatusCode::UNAUTHORIZED)?;
    println!("wallets: a request of {}", claims.principal().unwrap_or("somebody"));
    Ok("two wallets")
}

async fn serve(app: Router) -> Result<String, std::io::Error> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, app).await });
    Ok(origin)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let iam = LocalIam::start().await?;
    let verifier = TokenVerifier::for_project(
        &Client::builder().base_url(iam.base_url()).build()?,
        iam.seeds().project_id(),
    )?;
    let state = Wallets { verifier, has_refused: Arc::default() };
    let wallets = serve(Router::new().route("/cwe/v1/wallets", get(list)).with_state(state.clone())).await?;
    let elsewhere = serve(Router::new().route("/", get(list)).with_state(state)).await?;

    let credential = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .base_url(iam.base_url())
        .build()?;
    // Only the listed origin gets the token.
    let layer = AuthorizationLayer::new(credential.project_tokens()?).origin(&wallets)?;
    let http = reqwest::Client::new();
    let mut service = layer.layer(http.clone());
    for url in [format!("{wallets}/cwe/v1/wallets"), elsewhere] {
        let response = service.call(http.get(url).build()?).await?;
        println!("{}: {:?}", response.status(), response.text().await?);
    }
    Ok(())
}
