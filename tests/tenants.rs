//! Many tenants over one client.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    AccessToken, Algorithm, ConsumerCredential, DidKeySigner, FetchedToken, PersonalAccessToken, StaticToken,
    TokenCache,
};
use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::{
    Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use affinidi_tdk_iam_client::{Client, RetryPolicy, models};

/// Refuses every request, and counts connections as a pool would: there is one transport for all.
#[derive(Clone, Default)]
struct Refuses(Arc<Mutex<Vec<Option<String>>>>);

impl Transport for Refuses {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        let token = request.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
        self.0.lock().unwrap().push(token);
        Box::pin(async { Err(TransportError::connect("nobody is there")) })
    }
}

fn pat(iam: &LocalIam) -> PersonalAccessToken {
    let pat = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .private_key_pem(iam.seeds().private_key_pem());
    pat.token_endpoint(iam.token_endpoint()).build().unwrap()
}

#[tokio::test]
async fn each_tenant_calls_with_its_own_credential() {
    let iam = LocalIam::start().await.unwrap();
    let shared = Client::builder().base_url(iam.base_url()).build().unwrap();
    let machine = shared.with_personal_access_token(pat(&iam)).unwrap();
    let user = shared.with_user_token(StaticToken::new(iam.user_token().unwrap()));
    assert!(shared.sts().whoami().await.unwrap_err().is_missing_token());
    let machine_id = machine.sts().whoami().await.unwrap().principal_id;
    let user_id = user.sts().whoami().await.unwrap().principal_id;
    assert_ne!(machine_id, user_id);

    let project = machine.policies().get_policies(&machine_id, models::PrincipalType::Token).await;
    assert!(project.is_ok(), "{project:?}");
    // Nothing of the former tenant is left: this one has no project.
    let stranger = machine.with_personal_access_token(
        PersonalAccessToken::builder()
            .token_id(iam.seeds().token_id())
            .private_key_pem(iam.seeds().private_key_pem())
            .token_endpoint(iam.token_endpoint())
            .build()
            .unwrap(),
    );
    let error = stranger.unwrap().policies().get_policies(&machine_id, models::PrincipalType::Token).await;
    assert!(error.unwrap_err().is_missing_token());
}

#[tokio::test]
async fn consumers_share_a_client_too() {
    let iam = LocalIam::start().await.unwrap();
    let shared = Client::builder().base_url(iam.base_url()).build().unwrap();
    let consumer = || {
        ConsumerCredential::builder()
            .signer(DidKeySigner::generate(Algorithm::Es256).unwrap())
            .build()
            .unwrap()
    };
    let [first, second] = [consumer(), consumer()];
    let dids = [first.did().to_owned(), second.did().to_owned()];
    let [first, second] = [first, second].map(|consumer| shared.with_consumer_credential(consumer).unwrap());
    let to = |did: &str| models::GrantAccessInput::new(did, vec![models::RightsEnum::VfsRead]);
    first.authz().grant_access_vfs(to(&dids[1])).await.unwrap().ensure_success().unwrap();
    second.authz().grant_access_vfs(to(&dids[0])).await.unwrap().ensure_success().unwrap();
}

#[tokio::test]
async fn tenants_share_transport_and_retry_budget() {
    let transport = Refuses::default();
    let policy = RetryPolicy::new().max_attempts(3).initial_backoff(Duration::ZERO);
    let shared = Client::builder()
        .base_url("http://127.0.0.1:1/iam")
        .transport(transport.clone())
        .retry_policy(policy)
        .retry_budget(4)
        .build()
        .unwrap();
    let tenants = ["a", "b", "c"].map(|token| shared.with_user_token(StaticToken::new(token)));
    for tenant in &tenants {
        tenant.sts().whoami().await.unwrap_err();
    }
    let sent: Vec<_> = transport.0.lock().unwrap().iter().map(|token| token.clone().unwrap()).collect();
    assert_eq!(sent, ["a", "a", "a", "b", "b", "b", "c"]);
    assert_eq!(shared.retries_left(), 0);
    assert_eq!(tenants[0].retries_left(), 0);
}

#[tokio::test]
async fn a_tenant_that_is_dropped_in_mid_fetch_disturbs_no_other() {
    /// Answers every request.
    struct Answers;

    impl Transport for Answers {
        fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
            Box::pin(async {
                let body = r#"{"principalId":"x","principalType":"token"}"#;
                Ok(TransportResponse::new(StatusCode::OK, body))
            })
        }
    }

    let shared = Client::builder().base_url("http://127.0.0.1:1/iam").transport(Answers).build().unwrap();
    let begun = Arc::new(AtomicUsize::new(0));
    let never = {
        let begun = begun.clone();
        TokenCache::new(move || {
            begun.fetch_add(1, Ordering::SeqCst);
            std::future::pending()
        })
    };
    let quick = TokenCache::new(|| async {
        Ok(FetchedToken::new(AccessToken::new("quick")?, Some(Duration::from_secs(3600))))
    });
    let gone = tokio::spawn({
        let tenant = shared.with_user_token(never);
        async move { tenant.sts().whoami().await }
    });
    while begun.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    assert_eq!(shared.with_user_token(quick).sts().whoami().await.unwrap().principal_id, "x");
}
