//! In process: the same engine, without a socket.

use affinidi_tdk_iam_client::{Client, models};
use serde_json::json;

use crate::api::Api;
use crate::support::*;

fn client(api: &Api) -> Client {
    Client::builder().base_url(api.iam.base_url()).transport(api.iam.transport()).build().unwrap()
}

#[tokio::test]
async fn the_sdk_reaches_the_service_in_process() {
    let api = Api::start().await;
    let consumer = Consumer::p256();
    let input = || {
        models::ConsumerAuthTokenEndpointInput::new(
            models::GrantType::ClientCredentials,
            models::ClientAssertionType::JwtBearer,
            consumer.assertion(&api.iam),
        )
    };
    let output = client(&api).consumer_auth().consumer_auth_token_endpoint(input()).await.unwrap();
    assert_eq!(output.token_type.as_deref(), Some("Bearer"));
    // Over the socket it is the same service: what was used up in process is used up here.
    let http = Client::builder().base_url(api.iam.base_url()).build().unwrap();
    let once = input();
    client(&api).consumer_auth().consumer_auth_token_endpoint(once.clone()).await.unwrap();
    let error = http.consumer_auth().consumer_auth_token_endpoint(once).await.unwrap_err();
    assert!(error.is_unauthorized() && error.trace_id().is_some(), "{error}");
}

#[tokio::test]
async fn broken_connections_are_played_in_process_too() {
    let api = Api::start().await;
    for connection in ["reset", "truncate"] {
        let rule = json!({ "operation": "getWellKnownJwks", "connection": connection });
        api.manage("POST", "/faults", rule).await;
        let error = client(&api).well_known().get_well_known_jwks().await.unwrap_err();
        assert!(error.status().is_none(), "{error:?}");
        api.manage("DELETE", "/faults", serde_json::Value::Null).await;
    }
    client(&api).well_known().get_well_known_jwks().await.unwrap();
}
