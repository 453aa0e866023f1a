//! Fault rules.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::api::Api;

async fn status(api: &Api) -> Result<u16, reqwest::Error> {
    let response = api.request("GET", "/v1/sts/whoami", &api.user()).send().await?;
    let status = response.status().as_u16();
    response.bytes().await?;
    Ok(status)
}

#[tokio::test]
async fn a_rule_harms_as_many_requests_as_it_says_after_those_it_skips() {
    let api = Api::start().await;
    let rule = json!({ "operation": "whoami", "skip": 1, "times": 2, "status": 503 });
    api.manage("POST", "/faults", rule).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(status(&api).await.unwrap());
    }
    assert_eq!(seen, [200, 503, 503, 200]);
}

#[tokio::test]
async fn a_rule_is_about_its_operation_or_about_all() {
    let api = Api::start().await;
    let rule = api.manage("POST", "/faults", json!({ "operation": "listProject", "status": 500 })).await;
    assert_eq!(status(&api).await.unwrap(), 200);
    api.manage("POST", "/faults", json!({ "operation": "*", "status": 502 })).await;
    assert_eq!(status(&api).await.unwrap(), 502);
    let faults = api.manage("GET", "/faults", Value::Null).await;
    assert_eq!(faults["faults"].as_array().unwrap().len(), 2);
    api.manage("DELETE", &format!("/faults/{}", rule["id"].as_str().unwrap()), Value::Null).await;
    api.manage("DELETE", "/faults", Value::Null).await;
    assert_eq!(status(&api).await.unwrap(), 200);
}

#[tokio::test]
async fn body_and_headers_are_sent_as_written() {
    let api = Api::start().await;
    let rule = json!({
        "operation": "whoami", "status": 429, "body": "<html>busy</html>",
        "headers": { "Retry-After": "7", "content-type": "text/html" },
    });
    api.manage("POST", "/faults", rule).await;
    let response = api.request("GET", "/v1/sts/whoami", "").send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(
        (&response.headers()["retry-after"], &response.headers()["content-type"]),
        (&"7".parse().unwrap(), &"text/html".parse().unwrap())
    );
    assert_eq!(response.text().await.unwrap(), "<html>busy</html>");
}

#[tokio::test]
async fn a_delay_outlasts_a_client_with_less_patience() {
    let api = Api::start().await;
    api.manage("POST", "/faults", json!({ "operation": "whoami", "times": 1, "delayMilliseconds": 600_000 }))
        .await;
    let request = api.request("GET", "/v1/sts/whoami", &api.user()).timeout(Duration::from_millis(50));
    assert!(request.send().await.unwrap_err().is_timeout());
    assert_eq!(status(&api).await.unwrap(), 200, "others are served meanwhile");
}

#[tokio::test]
async fn a_reset_connection_has_no_response() {
    let api = Api::start().await;
    api.manage("POST", "/faults", json!({ "operation": "whoami", "times": 1, "connection": "reset" })).await;
    let error = status(&api).await.unwrap_err();
    assert!(error.status().is_none() && !error.is_timeout() && !error.is_connect(), "{error:?}");
    assert_eq!(status(&api).await.unwrap(), 200);
}

#[tokio::test]
async fn a_reset_is_seen_as_a_reset_on_the_socket() {
    let api = Api::start().await;
    api.manage("POST", "/faults", json!({ "operation": "getWellKnownJwks", "connection": "reset" })).await;
    let address = api.iam.base_url().split('/').nth(2).unwrap();
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /iam/.well-known/jwks.json HTTP/1.1\r\nhost: {address}\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let error = socket.read(&mut [0; 64]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_truncated_body_breaks_after_the_head() {
    let api = Api::start().await;
    api.manage("POST", "/faults", json!({ "operation": "whoami", "times": 1, "connection": "truncate" }))
        .await;
    let response = api.request("GET", "/v1/sts/whoami", &api.user()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.content_length().unwrap() > 0);
    response.bytes().await.unwrap_err();
    assert_eq!(status(&api).await.unwrap(), 200);
}

#[tokio::test]
async fn a_lost_response_may_hide_that_the_operation_was_carried_out() {
    let api = Api::start().await;
    let user = api.user();
    let count =
        async || api.call("GET", "/v1/projects", &user).await.ok()["projects"].as_array().unwrap().len();
    for (afterwards, projects) in [(false, 1), (true, 2)] {
        let rule = json!({
            "operation": "createProject", "times": 1, "connection": "reset", "afterwards": afterwards,
        });
        api.manage("POST", "/faults", rule).await;
        let request = api.request("POST", "/v1/projects", &user).json(&json!({ "name": "once" }));
        request.send().await.unwrap_err();
        assert_eq!(count().await, projects);
    }
}

#[tokio::test]
async fn a_rule_that_makes_no_sense_is_refused() {
    let api = Api::start().await;
    let url = format!("{}/faults", api.iam.management_url());
    for rule in [
        json!({}),
        json!({ "operation": "whoami", "status": 99 }),
        json!({ "operation": "whoami", "connection": "slow" }),
        json!({ "operation": "whoami", "gateway": "slow" }),
        json!({ "operation": "whoami", "gateway": "throttled", "status": 500 }),
        json!({ "operation": "whoami", "headers": { "a b": "c" } }),
        json!({ "operation": "whoami", "headers": { "a": "b\nc" } }),
        json!({ "operation": "whoami", "sometimes": true }),
        json!({ "operation": "listProjectz", "status": 429 }),
        json!({ "operation": "listproject", "status": 429 }),
        json!({ "operation": "createFault", "status": 429 }),
        json!({ "operation": "", "status": 429 }),
        json!({ "operation": "whoami" }),
        json!({ "operation": "whoami", "skip": 1, "times": 1, "afterwards": true, "headers": {} }),
    ] {
        let response = crate::support::post(&url, &rule).await;
        assert_eq!(response.status(), 400, "{rule}");
        let body: Value = response.json().await.unwrap();
        assert!(body["details"][0]["field"].is_string(), "{rule}: {body}");
    }
    assert_eq!(api.manage("GET", "/faults", Value::Null).await, json!({ "faults": [] }));
}
