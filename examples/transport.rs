//! A custom `Transport`: the code between the client and the network.
//!
//! ```sh
//! cargo run --example transport
//! ```
//!
//! The client still handles everything else: credentials, timeouts, retries, the size limit, decoding.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::{
    Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use affinidi_tdk_iam_client::{Client, auth, models};

/// Prints every request sent through another transport. It prints no secret: neither headers nor bodies.
struct Logged<T>(T);

impl<T: Transport> Transport for Logged<T> {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let (operation, method, path) =
                (request.operation, request.method.clone(), request.url.path().to_owned());
            let outcome = self.0.send(request).await;
            match &outcome {
                Ok(response) => {
                    println!(
                        "{operation}: {method} {path}: {}, {} bytes",
                        response.status,
                        response.body.len()
                    )
                }
                Err(error) => println!("{operation}: {method} {path}: {error}"),
            }
            outcome
        })
    }
}

/// Returns responses from a list, for a test without a service.
struct Responses(Mutex<VecDeque<Result<TransportResponse, TransportError>>>);

impl Transport for Responses {
    fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        Box::pin(async { next.unwrap_or_else(|| Err(TransportError::other("no response is left"))) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Wrap another transport: here the one that calls the local service without a socket.
    let iam = LocalIam::start().await?;
    let client = Client::builder()
        .base_url(iam.base_url())
        .transport(Logged(iam.transport()))
        .user_token(auth::StaticToken::new(iam.user_token()?))
        .build()?;
    let project = client.projects().create_project(models::CreateProjectInput::new("demo")).await?;
    client.projects().get_project(&project.id).await?;

    // Replace the network: first a refused connection, then a response. The client retries.
    let responses = Responses(Mutex::new(VecDeque::from([
        Err(TransportError::connect("refused on purpose")),
        Ok(TransportResponse::new(StatusCode::OK, r#"{"id":"did:web:example.org"}"#)),
    ])));
    let client = Client::builder().transport(Logged(responses)).build()?;
    let document = client.well_known().get_well_known_did().await?;
    println!("the document is {}", serde_json::to_string(&document)?);
    Ok(())
}
