//! Personal access tokens: against the local service, and against answers that it never gives.

use std::time::Duration;

use affinidi_iam_local::{LocalIam, NewPersonalAccessToken};
use affinidi_tdk_iam_client::auth::{
    AccessToken, PersonalAccessToken, PersonalAccessTokenBuilder, TokenProvider,
};
use affinidi_tdk_iam_client::{Client, Environment, Error, models};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::advance;

use crate::keys::{ALGORITHMS, P256, public_jwk};
use crate::support::{Service, authorization, json as answer};

const ENDPOINT: &str = "https://auth.example.org/oauth2/token";
const IAM: &str = "https://api.example.org/iam";

fn builder() -> PersonalAccessTokenBuilder {
    PersonalAccessToken::builder()
        .token_id("t-1")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .private_key_pem(P256)
        .token_endpoint(ENDPOINT)
}

/// A service that issues `user-1`, `user-2`, … and `project-1`, `project-2`, …, and answers everything else.
fn issuing() -> Service {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (users, projects) = (AtomicUsize::new(0), AtomicUsize::new(0));
    Service::new(move |request| match request.url.path() {
        "/oauth2/token" => {
            let number = users.fetch_add(1, Ordering::SeqCst) + 1;
            answer(
                200,
                &json!({ "access_token": format!("user-{number}"), "expires_in": "3600" }).to_string(),
            )
        }
        "/iam/v1/sts/create-project-scoped-token" => {
            let number = projects.fetch_add(1, Ordering::SeqCst) + 1;
            let body = json!({ "accessToken": format!("project-{number}"), "expiresIn": 300, "scope": "s" });
            answer(200, &body.to_string())
        }
        "/iam/v1/sts/whoami" => answer(200, r#"{"principalId":"1","principalType":"token"}"#),
        _ => answer(200, r#"{"tokens":[],"users":[],"records":[],"version":"2022-12-15","statement":[]}"#),
    })
    .taking(Duration::from_millis(50))
}

fn client(service: &Service, credential: PersonalAccessToken) -> Client {
    Client::builder()
        .base_url(IAM)
        .transport(service.clone())
        .personal_access_token(credential)
        .build()
        .unwrap()
}

/// A call that needs a project token.
async fn project_call(client: &Client) -> Result<(), Error> {
    client.policies().get_policies("1", models::PrincipalType::Token).await.map(drop)
}

fn jwt(token: &str) -> (Value, Value) {
    let part = |index| {
        let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    (part(0), part(1))
}

#[tokio::test]
async fn all_four_algorithms_get_tokens_from_the_local_service() {
    let iam = LocalIam::start().await.unwrap();
    for (algorithm, pem) in ALGORITHMS {
        let key = public_jwk(pem, algorithm, "key-1");
        let method = json!({ "type": "PRIVATE_KEY", "signingAlgorithm": algorithm, "publicKeyInfo": { "jwks": { "keys": [key] } } });
        let new = NewPersonalAccessToken::new(algorithm).with_project(iam.seeds().project_id());
        let token_id =
            iam.add_personal_access_token_with_keys(new, serde_json::from_value(method).unwrap()).unwrap();
        let credential = PersonalAccessToken::builder()
            .token_id(token_id)
            .project_id(iam.seeds().project_id())
            .key_id("key-1")
            .private_key_pem(pem)
            .algorithm(algorithm)
            .token_endpoint(iam.token_endpoint())
            .build()
            .unwrap();
        let client =
            Client::builder().base_url(iam.base_url()).personal_access_token(credential).build().unwrap();
        let who = client.sts().whoami().await.unwrap();
        assert!(who.principal_id.ends_with(&token_id.to_string()), "{who:?}");
        project_call(&client).await.err().inspect(|error| assert!(error.is_not_found(), "{error}"));
    }
}

fn seeded(iam: &LocalIam) -> PersonalAccessToken {
    PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_token_of_a_signing_key_that_was_dropped_heals_within_one_request() {
    let iam = LocalIam::start().await.unwrap();
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(seeded(&iam)).build().unwrap();
    client.tokens().list_token().await.unwrap();
    iam.replace_signing_keys().unwrap();
    iam.clear_requests();

    client.tokens().list_token().await.unwrap();
    let policies =
        client.policies().get_policies(iam.seeds().token_id().to_string(), models::PrincipalType::Token);
    policies.await.unwrap();
    let requests = iam.requests();
    assert_eq!(
        requests.iter().map(|request| request.path()).collect::<Vec<_>>(),
        [
            "/iam/v1/tokens",
            "/auth/oauth2/token",
            "/iam/v1/tokens",
            "/iam/v1/sts/create-project-scoped-token",
            &format!("/iam/v1/policies/principals/{}", iam.seeds().token_id()),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_token_request_is_the_one_of_the_official_clients() {
    let service = issuing();
    let credential = builder().transport(service.clone()).base_url(IAM).build().unwrap();
    assert_eq!(credential.project_token().await.unwrap().secret(), "project-1");
    let [token, project] = &service.requests()[..] else { panic!("two requests") };

    assert_eq!((token.method.as_str(), token.url.as_str()), ("POST", ENDPOINT));
    assert_eq!(token.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!token.headers.contains_key("authorization"));
    let form: std::collections::HashMap<String, String> =
        affinidi_tdk_iam_client::url::form_urlencoded::parse(&token.body).into_owned().collect();
    assert_eq!(form.len(), 5);
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["scope"], "openid");
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_eq!(form["client_id"], "t-1");
    let (header, claims) = jwt(&form["client_assertion"]);
    assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": "t-1" }));
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["aud"]),
        (&json!("t-1"), &json!("t-1"), &json!(ENDPOINT))
    );
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 300);
    affinidi_tdk_iam_client::uuid::Uuid::parse_str(claims["jti"].as_str().unwrap()).unwrap();
    assert_eq!(claims.as_object().unwrap().len(), 6);

    assert_eq!(project.url.as_str(), format!("{IAM}/v1/sts/create-project-scoped-token"));
    assert_eq!(authorization(project), "Bearer user-1");
    assert_eq!(project.body, r#"{"projectId":"9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321"}"#);
}

#[tokio::test(start_paused = true)]
async fn the_audience_of_the_assertion_is_the_url_that_it_is_posted_to() {
    for spelling in [
        "HTTPS://Auth.Example.org:443/oauth2/token",
        " https://auth.example.org/oauth2/token\r\n",
        "https://auth.example.org/a/../oauth2/token",
        "https://auth.example.org/oauth2/token/",
        ENDPOINT,
    ] {
        let service = issuing();
        let credential =
            builder().token_endpoint(spelling).transport(service.clone()).base_url(IAM).build().unwrap();
        credential.user_token().await.unwrap();
        let [request] = &service.requests()[..] else { panic!("one request") };
        let form = affinidi_tdk_iam_client::url::form_urlencoded::parse(&request.body).into_owned();
        let (_, assertion) = form.into_iter().find(|(name, _)| name == "client_assertion").unwrap();
        assert_eq!(
            (request.url.as_str(), &jwt(&assertion).1["aud"]),
            (ENDPOINT, &json!(ENDPOINT)),
            "{spelling:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_cold_calls_make_two_token_requests_and_an_expired_project_token_one() {
    let service = issuing();
    let client = client(&service, builder().build().unwrap());
    let calls = |count| {
        let mut calls = JoinSet::new();
        for _ in 0..count {
            let client = client.clone();
            calls.spawn(async move { project_call(&client).await.unwrap() });
        }
        calls.join_all()
    };
    calls(1000).await;
    assert_eq!((service.count("/oauth2/token"), service.count("-scoped-token")), (1, 1));
    assert_eq!(service.requests().len(), 1002);

    advance(Duration::from_secs(300)).await;
    calls(1000).await;
    assert_eq!((service.count("/oauth2/token"), service.count("-scoped-token")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn each_scheme_gets_its_own_token() {
    let service = issuing();
    let client = client(&service, builder().build().unwrap());
    client.sts().whoami().await.unwrap();
    project_call(&client).await.unwrap();
    let sent: Vec<_> = service.requests().iter().map(authorization).collect();
    assert_eq!(sent, ["none", "user-1", "Bearer user-1", "project-1"]);
}

#[tokio::test(start_paused = true)]
async fn projects_share_the_user_token_and_a_project_its_own_token() {
    let service = issuing();
    let first = builder().base_url(IAM).transport(service.clone()).build().unwrap();
    let second = first.for_project("e30f4404-b898-45f1-903e-80af808ad60c");
    assert_eq!(first.project_token().await.unwrap().secret(), "project-1");
    assert_eq!(second.project_token().await.unwrap().secret(), "project-2");
    assert_eq!(
        first.for_project("e30f4404-b898-45f1-903e-80af808ad60c").project_token().await.unwrap().secret(),
        "project-2"
    );
    assert_eq!(first.project_token().await.unwrap().secret(), "project-1");
    assert_eq!((service.count("/oauth2/token"), service.count("-scoped-token")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_user_token_that_is_rejected_while_minting_is_replaced() {
    let users = std::sync::atomic::AtomicUsize::new(0);
    let service = Service::new(move |request| match request.url.path() {
        "/oauth2/token" => {
            let number = users.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            answer(200, &json!({ "access_token": format!("user-{number}"), "expires_in": 3600 }).to_string())
        }
        _ if authorization(request) == "Bearer user-2" => {
            answer(200, r#"{"accessToken":"project","expiresIn":300,"scope":"s"}"#)
        }
        _ => answer(401, "{}"),
    });
    let credential = builder().base_url(IAM).transport(service.clone()).build().unwrap();
    credential.user_token().await.unwrap();
    assert_eq!(credential.project_token().await.unwrap().secret(), "project");
    assert_eq!((service.count("/oauth2/token"), service.count("-scoped-token")), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn every_attempt_has_an_assertion_of_its_own() {
    let attempts = std::sync::atomic::AtomicUsize::new(0);
    let service = Service::new(move |_| match attempts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 | 1 => answer(503, "{}"),
        _ => answer(200, r#"{"access_token":"user"}"#),
    });
    let credential = builder().transport(service.clone()).build().unwrap();
    credential.user_token().await.unwrap();
    let mut bodies: Vec<_> = service.requests().into_iter().map(|request| request.body).collect();
    bodies.dedup();
    assert_eq!(bodies.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn failures_of_the_token_endpoint_are_not_multiplied_by_the_steps_above() {
    let service = Service::new(|_| answer(503, "{}"));
    let client = client(&service, builder().build().unwrap());
    let error = project_call(&client).await.unwrap_err();
    assert!(error.is_credential() && error.is_server_error() && error.is_retryable());
    assert_eq!(service.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_error_names_the_step_and_keeps_what_the_endpoint_said() {
    let refused = r#"{"error":"invalid_client","error_description":"the assertion is not mine"}"#;
    let service = Service::new(move |_| answer(401, refused));
    let client = client(&service, builder().build().unwrap());
    let error = project_call(&client).await.unwrap_err();
    assert!(error.is_credential() && error.is_unauthorized());
    assert_eq!(error.operation(), Some("getPolicies"));
    assert_eq!(error.service_error().unwrap().name(), Some("invalid_client"));
    let text = error.to_string();
    assert!(text.starts_with("getPolicies: fetching the user token: 401"), "{text}");
    assert_eq!(service.requests().len(), 1, "a refusal for good is not tried again");
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_token_endpoint_does_not_pass_for_one_of_the_operation() {
    for status in [400, 404, 409] {
        let service = Service::new(move |_| answer(status, "{}"));
        let error = client(&service, builder().build().unwrap()).sts().whoami().await.unwrap_err();
        assert!(error.is_credential());
        assert!(!error.is_not_found() && !error.is_conflict() && !error.is_bad_request());
        assert_eq!(error.status().unwrap(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_token_is_an_error_and_never_sent_as_a_token() {
    for body in [
        "{}",
        r#"{"access_token":""}"#,
        r#"{"access_token":null}"#,
        r#"{"access_token":7}"#,
        "[]",
        "<html>",
        "",
    ] {
        let service = Service::new(move |_| answer(200, body));
        let error = client(&service, builder().build().unwrap()).sts().whoami().await.unwrap_err();
        assert!(error.is_decode() && error.is_credential(), "{body}: {error}");
        assert!(error.to_string().contains("fetching the user token"), "{error}");
        assert_eq!(service.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_least_remaining_time_holds_for_both_tokens() {
    let service = issuing();
    let credential = builder().base_url(IAM).transport(service.clone()).build().unwrap();
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    assert_eq!(credential.user_token_with_min_ttl(minutes(50)).await.unwrap().secret(), "user-1");
    assert_eq!(credential.project_token_with_min_ttl(minutes(4)).await.unwrap().secret(), "project-1");
    advance(minutes(2)).await;
    assert_eq!(credential.project_token_with_min_ttl(minutes(4)).await.unwrap().secret(), "project-2");
    assert!(credential.project_token_with_min_ttl(minutes(6)).await.unwrap_err().is_configuration());
}

#[tokio::test(start_paused = true)]
async fn a_credential_serves_one_address_and_says_so() {
    let service = issuing();
    let credential = builder().build().unwrap();
    let first = client(&service, credential.clone());
    client(&service, credential.clone());
    let second =
        Client::builder().base_url("https://other.example.org/iam").personal_access_token(credential.clone());
    let error = second.build().unwrap_err();
    assert!(
        error.is_configuration() && error.to_string().contains("https://other.example.org/iam"),
        "{error}"
    );
    project_call(&first).await.unwrap();

    let anywhere = builder().base_url(IAM).environment(Environment::Production).build().unwrap();
    client(&service, anywhere.clone());
    Client::builder()
        .base_url("https://other.example.org/iam")
        .personal_access_token(anywhere)
        .build()
        .unwrap();
}

#[test]
fn a_key_of_this_machine_is_not_sent_to_the_services_own_endpoint_by_mistake() {
    let credential = PersonalAccessToken::builder().token_id("t").private_key_pem(P256).build().unwrap();
    let error = Client::builder()
        .base_url("http://127.0.0.1:1/iam")
        .personal_access_token(credential)
        .build()
        .unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("token_endpoint"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_missing_project_is_an_error_before_anything_is_sent() {
    let service = issuing();
    let credential = PersonalAccessToken::builder()
        .token_id("t")
        .private_key_pem(P256)
        .token_endpoint(ENDPOINT)
        .build()
        .unwrap();
    assert!(credential.project_token().await.unwrap_err().is_missing_token());
    assert!(credential.iota_token("c", "did:key:z1", None).await.unwrap_err().is_missing_token());
    let client = client(&service, credential);
    let error = project_call(&client).await.unwrap_err();
    assert!(error.is_missing_token() && error.to_string().contains("project"), "{error}");
    assert!(service.requests().is_empty());
    client.sts().whoami().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_provider_of_the_clients_own_goes_first() {
    let service = issuing();
    let client = Client::builder()
        .base_url(IAM)
        .transport(service.clone())
        .user_token(|| async { AccessToken::new("own") })
        .personal_access_token(builder().build().unwrap())
        .build()
        .unwrap();
    client.sts().whoami().await.unwrap();
    assert_eq!(authorization(&service.requests()[0]), "own");
}

#[tokio::test]
async fn an_iota_token_has_the_claims_of_the_official_clients_and_needs_no_network() {
    let credential = builder().key_id("k-1").build().unwrap();
    let iota = credential.iota_token("c-1", "did:key:z1", Some("s-1")).await.unwrap();
    assert_eq!(iota.session_id, "s-1");
    let (header, mut claims) = jwt(iota.token.secret());
    assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": "k-1" }));
    let claims = claims.as_object_mut().unwrap();
    let (iat, exp) = (claims.remove("iat").unwrap(), claims.remove("exp").unwrap());
    assert_eq!(exp.as_u64().unwrap() - iat.as_u64().unwrap(), 300);
    claims.remove("jti").unwrap();
    assert_eq!(
        Value::Object(claims.clone()),
        json!({
            "iss": "token/t-1", "sub": "token/t-1", "kid": "token/t-1", "aud": "did:key:z1", "project_id": "9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321",
            "iota_configuration_id": "c-1", "iota_session_id": "s-1", "scope": "iota_channel",
        })
    );
    let one = credential.iota_token("c", "d", None).await.unwrap();
    let other = credential.iota_token("c", "d", None).await.unwrap();
    assert_ne!(one.session_id, other.session_id);
}

#[test]
fn the_credential_and_what_it_gives_are_send_and_sync() {
    fn check<T: Send + Sync + Clone + 'static>(_: &T) {}
    let credential = builder().build().unwrap();
    check(&credential);
    fn send(_: impl Send) {}
    send(credential.iota_token("c", "did:key:z1", None));
    fn provider(_: &dyn TokenProvider) {}
    provider(&|| async { AccessToken::new("x") });
}
