//! A service that receives project tokens: axum verifies the caller's token locally, without a request per token.
//!
//! ```sh
//! cargo run --example axum_verify --features axum
//! ```

use std::error::Error;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{PersonalAccessToken, TokenClaims, TokenVerifier};
use affinidi_tdk_iam_client::{Client, models};
use axum::Router;
use axum::routing::get;

/// `GET /hello`, for callers with a token of this project.
async fn hello(claims: TokenClaims) -> String {
    let principal = claims.principal().unwrap_or("somebody");
    format!("hello {principal}, your scopes are {:?}", claims.scopes)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The verifier needs no credentials: it fetches the public keys of the service.
    let iam = LocalIam::start().await?;
    let client = Client::builder().base_url(iam.base_url()).build()?;
    let verifier = TokenVerifier::for_project(&client, iam.seeds().project_id())?;

    let app = Router::new().route("/hello", get(hello)).with_state(verifier);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/hello", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, app).await });

    // Callers: with a token of the project, with one of another project, with a changed signature, and without any.
    let pat = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .build()?;
    let caller = Client::builder().base_url(iam.base_url()).personal_access_token(pat.clone()).build()?;
    let other = caller.projects().create_project(models::CreateProjectInput::new("other")).await?;
    let good = pat.project_token().await?.secret().to_owned();
    let foreign = pat.for_project(&other.id).project_token().await?.secret().to_owned();
    let changed = good.rsplit_once('.').map(|(signed, _)| format!("{signed}.AAAA")).unwrap_or_default();

    let http = reqwest::Client::new();
    for token in [Some(good), Some(foreign), Some(changed), None] {
        let request = http.get(&url);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await?;
        let challenge = response.headers().get("www-authenticate").cloned();
        println!("{}: {} ({challenge:?})", response.status(), response.text().await?);
    }
    Ok(())
}
