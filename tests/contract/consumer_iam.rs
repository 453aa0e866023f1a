//! The consumer IAM shares everything with its client but the address, and takes times in milliseconds.

use std::time::{Duration, UNIX_EPOCH};

use affinidi_tdk_iam_client::consumer_iam::models;
use affinidi_tdk_iam_client::transport::TransportResponse;
use affinidi_tdk_iam_client::{Client, http};
use serde_json::json;

use crate::support::contract::OPERATIONS;
use crate::support::fakes::{Canned, Counting};
use crate::support::operations::{Caller, callers};
use crate::support::server::{Server, json_answer};

fn permission() -> models::Permission {
    models::Permission::new([models::RightsEnum::VfsRead], ["b2f4c1d6a0e94c7f8d35"])
}

fn canned() -> Canned {
    Canned::new(TransportResponse::new(http::StatusCode::OK, r#"{"success":true,"permissions":[]}"#))
}

#[tokio::test]
async fn its_url_is_that_of_iam_with_another_last_segment() {
    for (base_url, expected) in [
        (
            "https://use1.api.affinidi.io/iam",
            "https://use1.api.affinidi.io/cid/v1/authz/vfs/access/did%3Akey%3Az",
        ),
        ("https://example.org/a/iam/", "https://example.org/a/cid/v1/authz/vfs/access/did%3Akey%3Az"),
    ] {
        let transport = canned();
        let client = Client::builder().base_url(base_url).transport(transport.clone());
        let client = client.consumer_token(Counting::new("token")).build().unwrap();
        client.consumer_iam().authz().get_access_vfs("did:key:z").await.unwrap();
        assert_eq!(transport.requests.lock().unwrap()[0].url.as_str(), expected);
        assert_eq!(
            client.base_url().as_str(),
            base_url.trim_end_matches('/'),
            "the client itself stays where it is"
        );
    }
}

#[tokio::test]
async fn where_its_url_cannot_be_derived_every_call_fails_and_nothing_is_sent() {
    for base_url in ["https://example.org", "https://example.org/myiam", "https://example.org/iam/v2"] {
        let (transport, provider) = (canned(), Counting::new("token"));
        let client = Client::builder().base_url(base_url).transport(transport.clone());
        let client = client.consumer_token(provider.clone()).build().unwrap();
        for (operation, caller) in callers().filter(|(operation, _)| operation.contract.service == "/cid") {
            let error = caller.send(&client).await.unwrap_err();
            assert!(error.is_configuration() && error.to_string().contains("`/iam`"), "{base_url}: {error}");
            assert_eq!(error.operation(), Some(operation.id));
        }
        assert_eq!((transport.sent(), provider.asked()), (0, 0));
        Caller::of(&OPERATIONS["getWellKnownDid"]).send(&client).await.unwrap();
    }
}

#[tokio::test]
async fn retries_of_both_services_use_up_one_budget() {
    let server = Server::answering(json_answer(503, &json!({}))).await;
    let builder = Client::builder().base_url(server.base_url()).retry_budget(1);
    let client = builder.consumer_token(Counting::new("token")).build().unwrap();
    client.consumer_iam().well_known().get_well_known_jwks().await.unwrap_err();
    assert_eq!(client.retries_left(), 0);
    server.take_requests();
    client.well_known().get_well_known_jwks().await.unwrap_err();
    assert_eq!(server.take_requests().len(), 1);
}

#[tokio::test]
async fn an_end_in_time_is_sent_in_milliseconds_and_never_later() {
    let server = Server::answering(json_answer(200, &json!({ "success": true }))).await;
    let authz = server.client().consumer_iam().authz();
    let end = UNIX_EPOCH + Duration::from_nanos(1_798_757_999_500_999_999);
    let input = models::GrantAccessInput::new([permission().with_expires_at(end)]);
    authz.grant_access_vfs("did:key:z", input).await.unwrap().ensure_success().unwrap();
    assert_eq!(server.take_request().json()["permissions"][0]["expiresAt"], "2026-12-31T22:59:59.500Z");
}

#[tokio::test]
async fn an_end_that_cannot_be_written_is_refused_and_nothing_is_sent() {
    let server = Server::start().await;
    let authz = server.client().consumer_iam().authz();
    for end in [UNIX_EPOCH - Duration::from_secs(1), UNIX_EPOCH + Duration::from_secs(253_402_300_800)] {
        let input = models::UpdateAccessInput::new([permission().with_expires_at(end)]);
        let error = authz.update_access_vfs("did:key:z", input).await.unwrap_err();
        assert!(error.is_invalid_input() && error.to_string().contains("1970"), "{error}");
    }
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn permissions_that_are_read_can_be_written_back_whole() {
    let permissions = json!([
        { "rights": ["vfs-read", "vfs-admin"], "nodeIds": [], "expiresAt": "2026-12-31T22:59:59.500Z", "label": "news" },
    ]);
    let server = Server::answering(json_answer(200, &json!({ "permissions": permissions }))).await;
    let authz = server.client().consumer_iam().authz();
    let access = authz.get_access_vfs("did:key:z").await.unwrap();
    server.will_answer(json_answer(200, &json!({ "success": true })));
    server.take_requests();
    authz
        .update_access_vfs("did:key:z", models::UpdateAccessInput::new(access.permissions))
        .await
        .unwrap()
        .ensure_success()
        .unwrap();
    assert_eq!(server.take_request().json(), json!({ "permissions": permissions }));
}
