//! The service under another address than it listens on.

use affinidi_iam_local::LocalIam;
use serde_json::{Value, json};

use crate::evidence::parts;
use crate::support::*;

const PUBLIC: &str = "http://iam.example.org:9090";

/// A service that is known as [`PUBLIC`], and the address at which this test reaches it.
async fn service() -> (LocalIam, String) {
    let iam = LocalIam::builder().clock(fixed_clock()).public_url(PUBLIC).start().await.unwrap();
    let address = format!("http://{}", iam.local_addr());
    (iam, address)
}

#[tokio::test]
async fn urls_and_tokens_have_the_public_address() {
    let (iam, address) = service().await;
    assert_eq!(iam.base_url(), format!("{PUBLIC}/iam"));
    assert_eq!(iam.token_endpoint(), format!("{PUBLIC}/auth/oauth2/token"));
    assert_eq!(iam.management_url(), format!("{PUBLIC}/__local/v1"));
    assert_eq!(iam.reference_url(), format!("{PUBLIC}/"));

    let (_, user) = parts(&iam.user_token().unwrap());
    assert_eq!((&user["iss"], &user["aud"][1]), (&json!(format!("{PUBLIC}/auth")), &json!(PUBLIC)));
    let minted =
        post(&format!("{address}/__local/v1/consumer-tokens"), &json!({ "did": Consumer::p256().did })).await;
    let minted: Value = minted.json().await.unwrap();
    let (_, consumer) = parts(minted["accessToken"].as_str().unwrap());
    assert_eq!((&consumer["iss"], &consumer["aud"]), (&json!(format!("{PUBLIC}/iam")), &json!(PUBLIC)));

    let page = reqwest::get(&address).await.unwrap().text().await.unwrap();
    assert!(page.contains(&format!("{PUBLIC}/iam")) && !page.contains(&address));
    let document = reqwest::get(format!("{address}/iam/.well-known/did.json")).await.unwrap();
    assert_eq!(document.json::<Value>().await.unwrap()["id"], "did:web:iam.example.org%3A9090:iam");
}

#[tokio::test]
async fn an_assertion_may_be_for_each_address_of_the_service() {
    let (_iam, address) = service().await;
    let endpoint = format!("{address}/iam/v1/consumer/oauth2/token");
    let consumer = Consumer::p256();
    let request = async |audience: &str| {
        let claims = json!({
            "iss": consumer.did, "sub": consumer.did, "aud": audience, "jti": fresh_id(), "iat": NOW, "exp": NOW + 300,
        });
        post(&endpoint, &input(&consumer.sign(&consumer.header(), &claims))).await
    };
    let own =
        [address.clone(), address.replace("127.0.0.1", "localhost"), address.replace("127.0.0.1", "[::1]")];
    for origin in own.iter().map(String::as_str).chain([PUBLIC]) {
        for service in ["iam", "cid"] {
            let audience = format!("{origin}/{service}/v1/consumer/oauth2/token");
            assert_eq!(request(&audience).await.status(), 200, "{audience}");
        }
    }
    let refused = request("http://127.0.0.1:9090/iam/v1/consumer/oauth2/token").await;
    let body = assert_refused(refused, 403, "UnauthorizedError", "aud").await;
    let expected = format!("{PUBLIC}/iam/v1/consumer/oauth2/token");
    assert!(body.to_string().contains(&expected), "the URL that is expected is named: {body}");
}

#[tokio::test]
async fn the_management_api_has_the_public_name_as_well() {
    let (_iam, address) = service().await;
    for (host, status) in [("iam.example.org:9090", 200), ("localhost", 200), ("example.org", 403)] {
        let request = reqwest::Client::new().get(format!("{address}/__local/v1/seeds")).header("host", host);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{host}");
        if status == 403 {
            assert!(response.text().await.unwrap().contains("iam.example.org"), "the names are named");
        }
    }
}

#[tokio::test]
async fn the_service_listens_where_it_is_told() {
    let iam = LocalIam::builder().listen([127, 0, 0, 2]).start().await.unwrap();
    assert!(iam.base_url().starts_with("http://127.0.0.2:"), "{}", iam.base_url());
    let keys = reqwest::get(format!("{}/.well-known/jwks.json", iam.base_url())).await.unwrap();
    assert_eq!(keys.status(), 200);
    let seeds = reqwest::get(format!("{}/seeds", iam.management_url())).await.unwrap();
    assert_eq!(seeds.status(), 200);
}
