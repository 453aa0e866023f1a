//! The service as a whole: where it listens, how it responds outside its operations, how it stops.

use crate::support::*;
use affinidi_iam_local::LocalIam;
use serde_json::Value;

#[tokio::test]
async fn an_unknown_path_beside_the_gateway_is_not_found() {
    let (iam, _) = service().await;
    for path in ["/none", "/auth/oauth2", "/iamx/v1/projects", "/__local/v1/none"] {
        let response = reqwest::get(format!("{}{path}", gateway(&iam))).await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        let trace_id = response.headers()["x-trace-id"].to_str().unwrap().to_owned();
        let body: Value = response.json().await.unwrap();
        assert_eq!((&body["name"], &body["traceId"]), (&"NotFoundError".into(), &trace_id.into()));
    }
}

#[tokio::test]
async fn a_wrong_method_beside_the_gateway_learns_which_are_allowed() {
    let (iam, _) = service().await;
    let response = reqwest::get(iam.token_endpoint()).await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(response.json::<Value>().await.unwrap()["name"], "MethodNotAllowedError");
}

#[tokio::test]
async fn dropping_the_service_frees_its_port() {
    let iam = LocalIam::start().await.unwrap();
    let url = iam.base_url().to_owned();
    let port = url.split(&[':', '/']).nth(4).unwrap().parse().unwrap();
    // A connection that is kept open must not keep the server alive.
    let client = reqwest::Client::new();
    client.get(&url).send().await.unwrap();
    drop(iam);
    assert!(client.get(&url).send().await.is_err());
    assert!(reqwest::get(&url).await.unwrap_err().is_connect());
    assert_eq!(LocalIam::builder().port(port).start().await.unwrap().base_url(), url);
}

#[tokio::test]
async fn a_port_in_use_is_an_error_that_names_it() {
    let iam = LocalIam::start().await.unwrap();
    let port: u16 = iam.base_url().split(&[':', '/']).nth(4).unwrap().parse().unwrap();
    let error = LocalIam::builder().port(port).start().await.unwrap_err();
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
}

#[tokio::test]
async fn debug_output_holds_no_secret() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let input = consumer.input(&iam);
    post(&endpoint(&iam), &input).await;
    let shown = format!("{iam:?} {:?} {:?}", iam.seeds(), iam.transport());
    let key = iam.seeds().private_key_pem().lines().nth(1).unwrap();
    assert!(shown.contains("kid") && !shown.contains("pair") && !shown.contains(key), "{shown}");
    assert!(!shown.contains(input["client_assertion"].as_str().unwrap()), "{shown}");
}
