//! Accepted tokens.

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{TokenRejection, TokenVerifier};
use affinidi_tdk_iam_client::{Client, Error};
use serde_json::{Value, json};

use crate::support::*;

/// The claims of a project token as the service issues it.
fn project_claims(project: &str) -> Value {
    let token = uuid(7);
    json!({
        "iss": "https://apse1.api.affinidi.io/iam", "aud": "elements_api",
        "sub": format!("ari:iam::{project}:token/{token}/client/{token}"), "client_id": token,
        "scp": ["elements_api"], "jti": uuid(8), "iat": unix(), "exp": unix() + 3600,
    })
}

// Tried: a token with header and claims of a real project token: `typ` is `JWT`; `scp` is a list; the project is in `sub`.
// Expected: it verifies, and subject, `client_id` and `scp` can be read. (Holds today; what a new API should add is below.)
#[tokio::test(start_paused = true)]
async fn the_claims_of_a_project_token_can_be_read() {
    let issuer = Issuer::new();
    let service = key_service(json!({"keys": [issuer.jwk("1")]}));
    let client = Client::builder().transport(service).build().unwrap();
    let verifier = TokenVerifier::for_project(&client, "my-project").unwrap();
    let sent = project_claims("my-project");
    let token = issuer.token(&json!({"alg": "ES256", "typ": "JWT", "kid": "1"}), &sent);
    let claims = verifier.verify(&token).await.unwrap();
    assert_eq!(claims.subject.as_deref(), sent["sub"].as_str());
    assert_eq!(claims.audience, ["elements_api"]);
    assert_eq!(claims.client_id.as_deref(), sent["client_id"].as_str());
    assert_eq!(claims.scopes, ["elements_api"]);
    assert_eq!(claims.project_id(), Some("my-project"));
    assert_eq!(claims.principal(), Some("token/00000000-0000-4000-8000-000000000007"));
    // A token whose `sub` names another project is refused, and so is one whose `sub` is not such a name.
    for (field, value) in [("sub", project_claims("other")["sub"].clone()), ("sub", json!("my-project"))] {
        let mut claims = sent.clone();
        claims[field] = value;
        let token = issuer.token(&json!({"alg": "ES256", "typ": "JWT", "kid": "1"}), &claims);
        assert!(verifier.verify(&token).await.unwrap_err().is_token_rejected());
    }
    assert!(TokenVerifier::builder(&client).build().unwrap_err().is_configuration());
}

// Tried: a user token of the local service with a verifier of project and consumer tokens.
// Expected: it is refused: a user token is for the service alone.
#[tokio::test]
async fn a_user_token_is_refused() {
    let iam = LocalIam::start().await.unwrap();
    let client = Client::builder().base_url(iam.base_url()).build().unwrap();
    let verifier = TokenVerifier::builder(&client).any_issuer().any_audience().any_project();
    let verified = verifier.build().unwrap().verify(&iam.user_token().unwrap()).await;
    assert!(verified.as_ref().is_err_and(Error::is_token_rejected), "{verified:?}");
}

// Tried: an ID token (OpenID Connect Core, section 2: `nonce`, `at_hash`, `auth_time`) with a verifier of `any_audience`.
// Expected: it is refused: an ID token is not an access token, whatever the audience.
#[tokio::test(start_paused = true)]
async fn an_id_token_is_refused_whatever_the_audience() {
    let issuer = Issuer::new();
    let service = key_service(json!({"keys": [issuer.jwk("1")]}));
    let client = Client::builder().transport(service).build().unwrap();
    let verifier = TokenVerifier::builder(&client)
        .issuer("https://i.example")
        .any_audience()
        .any_project()
        .build()
        .unwrap();
    let id_token = json!({"iss": "https://i.example", "sub": "did:key:z1", "aud": "did:key:z1", "iat": unix(),
        "exp": unix() + 300, "auth_time": unix(), "nonce": "n", "at_hash": "h"});
    let id_token = issuer.token(&json!({"alg": "ES256", "typ": "JWT", "kid": "1"}), &id_token);
    let verified = verifier.verify(&id_token).await;
    assert!(verified.as_ref().is_err_and(Error::is_token_rejected), "{verified:?}");
}

// Tried: signed tokens whose `typ` is that of another kind of JSON Web Token.
// Expected: they are refused (RFC 8725, section 3.11); `JWT`, `at+jwt`, `application/at+jwt` and none are accepted.
#[tokio::test(start_paused = true)]
async fn a_json_web_token_of_another_kind_is_refused() {
    let issuer = Issuer::new();
    let service = key_service(json!({"keys": [issuer.jwk("1")]}));
    let verifier = verifier(&service).build().unwrap();
    let mut wrong = vec![];
    for (kind, good) in [
        (Some("JWT"), true),
        (Some("at+jwt"), true),
        (Some("AT+JWT"), true),
        (Some("application/at+jwt"), true),
        (None, true),
        (Some("dpop+jwt"), false),
        (Some("logout+jwt"), false),
        (Some("secevent+jwt"), false),
        (Some("openid4vci-proof+jwt"), false),
    ] {
        let mut header = json!({"alg": "ES256", "kid": "1"});
        if let Some(kind) = kind {
            header["typ"] = json!(kind);
        }
        if verifier.verify(&issuer.token(&header, &claims())).await.is_ok() != good {
            wrong.push(kind);
        }
    }
    assert!(wrong.is_empty(), "accepted or refused by mistake: {wrong:?}");
}

// Tried: `iat` in an hour and in a hundred years, as a machine sees it whose clock went back to 1970.
// Expected: refused; what is within the leeway of 10 s is accepted.
#[tokio::test(start_paused = true)]
async fn a_token_issued_in_the_future_is_refused() {
    let issuer = Issuer::new();
    let service = key_service(json!({"keys": [issuer.jwk("1")]}));
    let verifier = verifier(&service).build().unwrap();
    let issued = |ahead: u64| {
        let mut claims = claims();
        claims["iat"] = json!(unix() + ahead);
        claims["exp"] = json!(unix() + ahead + 300);
        issuer.token(&head("1"), &claims)
    };
    verifier.verify(&issued(5)).await.unwrap();
    for ahead in [3600, 3_153_600_000] {
        let verified = verifier.verify(&issued(ahead)).await;
        assert!(
            verified.is_err_and(|error| error.is_token_rejected()),
            "issued {ahead} s from now: accepted"
        );
    }
}

// Tried: a token in whose header `crit` is null (RFC 7515, section 4.1.11 wants a list that is not empty).
// Expected: refused as malformed.
#[tokio::test(start_paused = true)]
async fn a_crit_that_is_null_is_refused() {
    let issuer = Issuer::new();
    let verifier = verifier(&key_service(json!({"keys": [issuer.jwk("1")]}))).build().unwrap();
    let token = issuer.token(&json!({"alg": "ES256", "kid": "1", "crit": null}), &claims());
    let verified = verifier.verify(&token).await;
    assert!(verified.is_err_and(|error| error.rejection() == Some(TokenRejection::Format)));
}
