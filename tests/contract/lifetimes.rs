//! How long a token is valid is a duration, whatever the response calls it and however it writes it.

use std::time::Duration;

use affinidi_tdk_iam_client::models::{ConsumerAuthTokenEndpointOutput, CreateProjectScopedTokenOutput};
use serde_json::{Value, json};

fn of_consumer(expires_in: &Value) -> Option<Duration> {
    let body = json!({ "access_token": "token", "expires_in": expires_in });
    serde_json::from_value::<ConsumerAuthTokenEndpointOutput>(body).unwrap().lifetime()
}

fn of_project(expires_in: &Value) -> Option<Duration> {
    let body = json!({ "accessToken": "token", "expiresIn": expires_in, "scope": "openid" });
    serde_json::from_value::<CreateProjectScopedTokenOutput>(body).unwrap().lifetime()
}

#[test]
fn a_lifetime_is_in_seconds() {
    for (expires_in, seconds) in
        [(json!(3600), 3600), (json!("3600"), 3600), (json!(0), 0), (json!(i64::MAX), i64::MAX)]
    {
        let lifetime = Some(Duration::from_secs(u64::try_from(seconds).unwrap()));
        assert_eq!(of_consumer(&expires_in), lifetime, "{expires_in}");
        assert_eq!(of_project(&expires_in), lifetime, "{expires_in}");
    }
}

#[test]
fn there_is_no_lifetime_when_the_value_is_negative_or_absent() {
    for expires_in in [json!(-1), json!("-1"), json!(i64::MIN)] {
        assert_eq!(of_consumer(&expires_in), None, "{expires_in}");
        assert_eq!(of_project(&expires_in), None, "{expires_in}");
    }
    assert_eq!(of_consumer(&Value::Null), None);
    assert_eq!(ConsumerAuthTokenEndpointOutput::default().lifetime(), None);
}
