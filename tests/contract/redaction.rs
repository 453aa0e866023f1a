//! Nothing that the crate prints holds a secret, whatever the service sends back.

use affinidi_tdk_iam_client::auth::{AccessToken, StaticToken};
use affinidi_tdk_iam_client::transport::TransportResponse;
use affinidi_tdk_iam_client::{Client, http};
use serde_json::{Value, json};

use crate::requests::example_answer;
use crate::support::contract::{OPERATIONS, Operation, of_all_contracts, schemas};
use crate::support::fakes::Canned;
use crate::support::models::read;
use crate::support::operations::{Caller, callers};
use crate::support::printing::{assert_silent, printed};
use crate::support::schema::rewrite;
use crate::support::server::{Server, answer, json_answer, token_of};

/// What stands in every sensitive member.
const SECRET: &str = "s3cr3t-bWVtYmVy-value";

/// `value` with [`SECRET`] in every member that the contract calls sensitive, and how many there are.
fn with_secrets(schema: &'static Value, value: &Value) -> (Value, usize) {
    let mut count = 0;
    let value = rewrite(schema, value, &mut |schemas, value| {
        if !schemas.iter().any(|schema| schema["x-sensitive"] == true) {
            return value;
        }
        count += 1;
        json!(SECRET)
    });
    (value, count)
}

/// The body of an operation with secrets in it.
fn body_with_secrets(operation: &Operation) -> Option<Value> {
    let (_, content) = operation.body().filter(|_| !operation.is_proxy())?;
    Some(with_secrets(&content["schema"], &content["example"]).0)
}

fn caller_with_secrets(operation: &'static Operation) -> Caller {
    match body_with_secrets(operation) {
        Some(body) => Caller::of(operation).with_body(body),
        None => Caller::of(operation),
    }
}

fn sensitive_properties(schema: &Value) -> usize {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.filter(|(_, property)| property["x-sensitive"] == true).count()
}

#[test]
fn no_model_prints_a_sensitive_member() {
    for (name, schema) in schemas() {
        let (value, count) = with_secrets(schema, &schema["example"]);
        assert!(count >= sensitive_properties(schema), "the example of {name} lacks a sensitive member");
        let model = read(name, &value).unwrap();
        assert_silent(name, &model.debug, &[SECRET]);
        assert_eq!(model.debug.contains("[REDACTED]"), count > 0 || has_open_members(name, schema), "{name}");
        assert_eq!(model.written, value, "{name}: redaction is for printing only");
    }
}

/// Whether the example of a schema has members that the schema does not name.
fn has_open_members(name: &str, schema: &'static Value) -> bool {
    let mut open = false;
    rewrite(schema, &schema["example"], &mut |schemas, value| {
        let named = |member: &String| schemas.iter().any(|schema| schema["properties"].get(member).is_some());
        open |= value.as_object().is_some_and(|members| !members.keys().all(named));
        value
    });
    assert!(!open || name == "ConsumerAuthTokenEndpointInput", "{name} has an example with unknown members");
    open
}

#[test]
fn no_model_prints_the_value_of_a_member_or_form_that_the_contract_does_not_know() {
    for (name, schema) in schemas() {
        let value = rewrite(schema, &schema["example"], &mut |_, mut value| {
            if let Some(members) = value.as_object_mut() {
                members.insert("x-news".into(), json!({ "deep": [SECRET] }));
            }
            value
        });
        assert_silent(name, &read(name, &value).unwrap().debug, &[SECRET]);
    }
    for name in ["IdToken", "TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo"] {
        let model = read(name, &json!({ "privateKey": SECRET })).unwrap();
        assert_silent(name, &model.debug, &[SECRET]);
    }
}

#[test]
fn a_token_is_never_printed() {
    let token = AccessToken::new(SECRET).unwrap();
    assert_eq!(token.secret(), SECRET);
    let provider = StaticToken::new(SECRET);
    let from = StaticToken::from(token.clone());
    assert_silent("tokens", &format!("{token:?} {token:#?} {provider:?} {provider:#?} {from:?}"), &[SECRET]);
    let error = AccessToken::new(format!("{SECRET} with a space")).unwrap_err();
    assert_silent("error", &printed(&error), &[SECRET]);
}

#[test]
fn a_client_prints_no_token_and_no_header() {
    let builder =
        Client::builder().user_token(StaticToken::new(SECRET)).project_token(StaticToken::new(SECRET));
    let builder = builder.consumer_token(StaticToken::new(SECRET)).default_header("x-api-key", SECRET);
    let builder = builder.user_agent(SECRET);
    assert_silent("builder", &format!("{builder:?} {builder:#?}"), &[SECRET]);
    let client = builder.build().unwrap();
    let apis = format!("{:?} {:?} {:?}", client.sts(), client.tokens(), client.default_api());
    assert_silent("client", &format!("{client:?} {client:#?} {apis}"), &[SECRET]);
    for url in [format!("https://user:{SECRET}@example.org/"), format!("https://example.org/?token={SECRET}")]
    {
        let builder = Client::builder().base_url(url);
        assert_silent("builder", &format!("{builder:?}"), &[SECRET]);
        assert_silent("error", &printed(&builder.build().unwrap_err()), &[SECRET]);
    }
}

#[test]
fn no_request_builder_prints_a_token_a_header_a_query_or_a_body() {
    let client =
        Client::builder().user_token(StaticToken::new(SECRET)).project_token(StaticToken::new(SECRET));
    let client = client.consumer_token(StaticToken::new(SECRET)).build().unwrap();
    for (operation, _) in callers() {
        let caller = caller_with_secrets(operation);
        let caller = caller.with_header("authorization", SECRET).with_header("x-api-key", SECRET);
        assert_silent(operation.id, &caller.call(&client).debug, &[SECRET]);
    }
    let proxy = client.default_api().v1_idp_proxy_post("x").query("code", SECRET).body("text/plain", SECRET);
    assert_silent("proxy", &format!("{proxy:?} {proxy:#?}"), &[SECRET]);
}

#[tokio::test]
async fn no_message_on_the_way_prints_a_token_a_header_a_query_or_a_body() {
    let mut headers = http::HeaderMap::new();
    headers.insert("x-secret", SECRET.parse().unwrap());
    headers.insert("set-cookie", SECRET.parse().unwrap());
    let canned = TransportResponse::new(http::StatusCode::OK, SECRET).with_headers(headers);
    assert_silent("transport response", &format!("{canned:?} {canned:#?}"), &[SECRET]);

    let transport = Canned::new(canned);
    let client =
        Client::builder().transport(transport.clone()).user_token(StaticToken::new(SECRET)).build().unwrap();
    let proxy = client.default_api().v1_idp_proxy_post("x").query("code", SECRET).body("text/plain", SECRET);
    let response = proxy.header("authorization", SECRET).with_response().await.unwrap();
    assert_silent("response", &format!("{response:?} {response:#?}"), &[SECRET]);
    assert!(response.headers()["set-cookie"].is_sensitive());
    let body = response.into_inner();
    assert_silent("raw body", &format!("{body:?} {body:#?}"), &[SECRET]);
    assert_silent("raw body", &printed(&body.json::<i64>().unwrap_err()), &[SECRET]);

    let requests = transport.requests.lock().unwrap();
    assert_silent("transport request", &format!("{requests:?} {requests:#?}"), &[SECRET]);
}

/// Everything secret that a call sends.
fn sent(operation: &Operation) -> Vec<String> {
    let token = operation.security().map(token_of);
    let has_secrets = body_with_secrets(operation).is_some_and(|body| body.to_string().contains(SECRET));
    token.into_iter().chain(has_secrets.then(|| SECRET.to_owned())).collect()
}

#[tokio::test]
async fn no_error_repeats_a_secret_that_the_service_sends_back() {
    let server = Server::start().await;
    let client = server.client();
    let mut echoes = 0;
    for (operation, _) in callers() {
        for secret in sent(operation) {
            let echo = format!("the value \"{secret}\" (Bearer {secret}) is refused: Bearer%20{secret}");
            for wire in [
                json_answer(403, &json!({ "name": secret, "message": echo, "traceId": secret })),
                json_answer(400, &json!({ "error": "invalid_client", "error_description": echo })),
                json_answer(
                    400,
                    &json!({
                        "name": "InvalidParameterError",
                        "message": "refused",
                        "debugId": echo,
                        "details": [{ "issue": echo, "field": secret, "value": echo, "location": secret }],
                    }),
                ),
                answer(500, &[("content-type", "text/plain")], &echo),
                answer(502, &[("content-type", &echo), ("x-trace-id", &secret), ("x-echo", &echo)], "<html>"),
                answer(403, &[("x-amzn-requestid", &echo)], json!({ "message": "no" }).to_string()),
                answer(307, &[("location", &format!("http://127.0.0.1:1/?{secret}"))], ""),
            ] {
                server.will_answer(wire);
                let error = caller_with_secrets(operation).send(&client).await.unwrap_err();
                assert_silent(operation.id, &printed(&error), &[&secret]);
                assert_silent(
                    operation.id,
                    &format!("{:?} {:?}", error.trace_id(), error.headers()),
                    &[&secret],
                );
                echoes += 1;
            }
        }
    }
    // Operations with a token, and one of each contract with an assertion.
    assert_eq!(echoes, 7 * of_all_contracts(22 + 1, 4 + 1));
}

#[tokio::test]
async fn no_error_repeats_an_authorization_of_the_caller() {
    let server =
        Server::answering(answer(500, &[("x-trace-id", SECRET)], json!({ "message": SECRET }).to_string()))
            .await;
    let client = server.client();
    for authorization in [SECRET.to_owned(), format!("Basic {SECRET}"), format!("Bearer {SECRET}")] {
        for (operation, caller) in callers() {
            let caller = caller.with_header("authorization", &authorization);
            let error = caller.send(&client).await.unwrap_err();
            assert_silent(operation.id, &printed(&error), &[SECRET]);
        }
    }
}

#[tokio::test]
async fn no_error_of_decoding_repeats_a_value() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, caller) in callers().filter(|(operation, _)| !operation.is_proxy()) {
        let Some(content) = operation.success().1 else { continue };
        let schema = &content["schema"];
        // Every member in turn holds text with a secret where something else, or something shorter, belongs.
        let mut targets = 0;
        rewrite(schema, &content["example"], &mut |_, value| {
            targets += 1;
            value
        });
        for target in 0..targets {
            let mut at = 0;
            let body = rewrite(schema, &content["example"], &mut |_, value| {
                at += 1;
                if at - 1 == target { json!(format!("Bearer {SECRET} \"quoted\" {SECRET}")) } else { value }
            });
            server.will_answer(json_answer(200, &body));
            if let Err(error) = caller.send(&client).await {
                assert!(error.is_decode());
                assert_silent(operation.id, &printed(&error), &[SECRET]);
            }
        }
        server.will_answer(answer(200, &[("content-type", "text/plain")], format!("\"{SECRET}\" {SECRET}")));
        let error = caller.send(&client).await.unwrap_err();
        assert_silent(operation.id, &printed(&error), &[SECRET]);
    }
}

#[tokio::test]
async fn no_error_of_decoding_repeats_a_secret_that_became_the_name_of_a_member() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, _) in callers().filter(|(operation, _)| operation.success().1.is_some()) {
        for secret in sent(operation) {
            server.will_answer(answer(200, &[], format!("{{\"{secret}\": {{\"{secret}\": [tru")));
            let error = caller_with_secrets(operation).send(&client).await.unwrap_err();
            assert!(error.is_decode());
            assert_silent(operation.id, &printed(&error), &[&secret]);
        }
    }
}

#[tokio::test]
async fn no_response_repeats_a_token_that_comes_back_in_a_header() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, caller) in callers() {
        let Some(scheme) = operation.security() else { continue };
        let token = token_of(scheme);
        let mut wire = String::from_utf8(example_answer(operation)).unwrap();
        wire = wire.replacen("\r\n", &format!("\r\nx-trace-id: {token}\r\nx-echo: Bearer {token}\r\n"), 1);
        server.will_answer(wire.into_bytes());
        let response = caller.send(&client).await.unwrap();
        let headers = response.headers().clone();
        assert_eq!(headers["x-echo"], format!("Bearer {token}"), "what came stays reachable");
        let response = response.map(|_| ());
        assert_silent(
            operation.id,
            &format!("{response:?} {:?} {headers:?}", response.trace_id()),
            &[&token],
        );
    }
}

#[tokio::test]
async fn a_json_web_token_is_masked_wherever_it_comes_from() {
    let jwt = OPERATIONS["consumerAuthTokenEndpoint"].success().1.unwrap()["example"]["access_token"]
        .as_str()
        .unwrap();
    let server = Server::start().await;
    for wire in [
        json_answer(400, &json!({ "error": jwt, "error_description": format!("of somebody else: {jwt}.") })),
        json_answer(200, &json!({ "expires_in": jwt })),
        answer(500, &[("content-type", jwt), ("x-request-id", jwt)], "x"),
    ] {
        server.will_answer(wire);
        let error =
            Caller::of(&OPERATIONS["consumerAuthTokenEndpoint"]).send(&server.client()).await.unwrap_err();
        let signature = jwt.rsplit('.').next().unwrap();
        assert_silent("error", &printed(&error), &[jwt, signature]);
    }
}
