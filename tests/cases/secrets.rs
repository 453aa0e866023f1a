//! Secrets in what is printed.

use std::collections::HashMap;

use affinidi_tdk_iam_client::auth::{self, Algorithm, DidKeySigner, StaticToken};
use affinidi_tdk_iam_client::http::header;
use affinidi_tdk_iam_client::transport::{Transport, TransportError, TransportFuture, TransportRequest};
use affinidi_tdk_iam_client::{Client, Error, models};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::*;

const API_KEY: &str = "hunter2-api-key-0123456789";
const OPAQUE: &str = "2YotnFZFEjr1zCsicMWpAA+/x==";
const JWT: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJlc2lnbmF0dXJl";

/// Parts of [`JWT`] that must not be printed, plain and in base64.
const JWT_PARTS: [&str; 4] = [
    "c2lnbmF0dXJlc2lnbmF0dXJl",
    "eyJzdWIiOiJzZWNyZXQi",
    "yJzdWIiOiJzZWNyZXQi",
    "ZXlKaGJHY2lPaUpGVXpJMU5pSjk",
];

/// All that can be printed of an error.
fn printed(error: &Error) -> String {
    let mut text = format!("{error} || {error:?} || {:?} || {:?}", error.service_error(), error.headers());
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text += &format!(" || {error} {error:?}");
        source = error.source();
    }
    text
}

fn leaks(text: &str, secrets: &[&str]) -> bool {
    secrets.iter().any(|secret| text.contains(secret))
}

fn authorization(request: &TransportRequest) -> &str {
    request.headers[header::AUTHORIZATION].to_str().unwrap().trim_start_matches("Bearer ")
}

/// What is printed of the error of a call whose error response has this message.
async fn printed_after(
    token: &str,
    message: impl Fn(&TransportRequest) -> String + Send + Sync + 'static,
) -> String {
    let service = Service::new(move |request| {
        Reply::json(400, &json!({"name": "InvalidParameterError", "message": message(request)}).to_string())
    });
    let client = Client::builder().transport(service).default_header("x-api-key", API_KEY);
    let client = client.user_token(StaticToken::new(token)).build().unwrap();
    printed(&client.sts().whoami().await.unwrap_err())
}

// Tried: a service repeats the value of a default header in its error.
// Expected: the value is not printed, as little as a token.
#[tokio::test(start_paused = true)]
async fn a_default_header_that_comes_back_is_not_printed() {
    let text = printed_after(OPAQUE, |request| {
        format!("the key {} is not known", request.headers["x-api-key"].to_str().unwrap())
    });
    let text = text.await;
    assert!(!leaks(&text, &[API_KEY]), "{text}");
}

// Tried: a service repeats the token in another form: percent-encoded, escaped, in base64, cut short, in lower case.
// Expected: no form of it is printed.
#[tokio::test(start_paused = true)]
async fn a_token_that_comes_back_in_another_form_is_not_printed() {
    type Form = fn(&TransportRequest) -> String;
    let forms: [(&str, &str, Form); 6] = [
        ("as it is", OPAQUE, |request| authorization(request).to_owned()),
        ("percent-encoded", "2YotnFZFEjr1zCsicMWpAA%2B%2Fx", |request| {
            authorization(request).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
        }),
        ("with an escaped slash", "2YotnFZFEjr1zCsicMWpAA+", |request| {
            authorization(request).replace('/', "\\/")
        }),
        ("in base64", "MllvdG5GWkZFanIxekNzaWNN", |request| STANDARD.encode(authorization(request))),
        ("cut short", "2YotnFZFEjr1zCsicMW", |request| format!("{}...", &authorization(request)[..20])),
        ("in lower case", "2yotnfzfejr1zcsicmwpaa", |request| authorization(request).to_lowercase()),
    ];
    let mut found = vec![];
    for (name, secret, form) in forms {
        let text =
            printed_after(OPAQUE, move |request| format!("the token {} is not known", form(request))).await;
        if leaks(&text, &[secret]) {
            found.push(name);
        }
    }
    assert!(found.is_empty(), "printed {found:?}");
}

// Tried: a service repeats the JSON Web Token in base64, split by a line end, with `%2E`, or its signature alone.
// Expected: no part of it is printed.
#[tokio::test(start_paused = true)]
async fn a_json_web_token_that_comes_back_in_another_form_is_not_printed() {
    let forms = [
        ("as it is", JWT.to_owned()),
        ("in quotes", format!("'{JWT}'")),
        ("in base64", STANDARD.encode(JWT)),
        ("split by a line end", format!("{}\n{}", &JWT[..30], &JWT[30..])),
        ("with %2E", JWT.replace('.', "%2E")),
        ("without its first character", JWT[1..].to_owned()),
        ("its signature alone", JWT.rsplit('.').next().unwrap().to_owned()),
    ];
    let mut found = vec![];
    for (name, form) in forms {
        let text = printed_after(JWT, move |_| format!("not a valid key=value pair: {form}")).await;
        if leaks(&text, &JWT_PARTS) {
            found.push(name);
        }
    }
    assert!(found.is_empty(), "printed {found:?}");
}

// Tried: assertion and code that were sent come back in headers of a success, and the headers are printed with `{:?}`.
// Expected: neither is printed.
#[tokio::test]
async fn what_was_sent_is_not_printed_with_the_headers_of_a_success() {
    let service = Service::new(|request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let reply = Reply::json(200, r#"{"access_token":"abc"}"#);
        let reply = reply.header("x-debug", body["client_assertion"].as_str().unwrap());
        reply.header("x-code", body["code"].as_str().unwrap())
    });
    let client = Client::builder().transport(service).build().unwrap();
    let signer = DidKeySigner::generate(Algorithm::Es256).unwrap();
    let assertion = auth::client_assertion(&signer, "https://x.example").await.unwrap();
    let input = models::ConsumerAuthTokenEndpointInput::new(
        models::GrantType::ClientCredentials,
        models::ClientAssertionType::JwtBearer,
        &assertion,
    );
    let input = input.with_code("s3cr3t-c0de");
    let response = client.consumer_auth().consumer_auth_token_endpoint(input).with_response().await.unwrap();
    let text = format!("{:?}", response.headers());
    assert!(!leaks(&text, &[&assertion, "s3cr3t-c0de"]), "{text}");
}

// Tried: a token that the service hands out stands in a header: of a redirect of a proxy call, and of an error.
// Expected: `{:?}` of the response's and of the error's headers does not print it.
#[tokio::test(start_paused = true)]
async fn a_token_in_a_header_of_a_response_is_not_printed() {
    let service = Service::new(|_| {
        let location = format!("https://app.example/cb#id_token={JWT}&code=s3cr3tc0de");
        Reply::json(302, "").header("x-access-token", JWT).header("location", &location)
    });
    let client = Client::builder().transport(service).build().unwrap();
    let response = client.default_api().v1_auth_proxy_get("oauth2/auth").with_response().await.unwrap();
    let error = client.well_known().get_well_known_did().await.unwrap_err();
    for (what, text) in [
        ("the headers of the response", format!("{:?}", response.headers())),
        ("the response", format!("{response:?}")),
        ("the headers of the error", format!("{:?}", error.headers())),
        ("the error", printed(&error)),
    ] {
        assert!(!leaks(&text, &JWT_PARTS), "{what}: {text}");
    }
}

// Tried: a proxy call with a code in the query and a password in the body, and an error that repeats both.
// Expected: neither is printed.
#[tokio::test(start_paused = true)]
async fn query_and_body_of_a_proxy_call_are_not_printed() {
    let service = Service::new(|request| {
        let sent =
            format!("{} {}", request.url.query().unwrap_or(""), String::from_utf8_lossy(&request.body));
        Reply::json(400, &json!({"error": "invalid_grant", "error_description": sent}).to_string())
    });
    let client = Client::builder().transport(service).build().unwrap();
    let call = client.default_api().v1_auth_proxy_post("oauth2/token").query("code", "s3cr3t-c0de");
    let form = "password=hunter2hunter2&client_secret=cs-0123456789";
    let error = call.body("application/x-www-form-urlencoded", form).await.unwrap_err();
    let text = printed(&error);
    assert!(!leaks(&text, &["s3cr3t-c0de", "hunter2hunter2", "cs-0123456789"]), "{text}");
}

// Tried: the error of a custom credential repeats a token.
// Expected: `Display` and `Debug` mask it alike. (`source` may hand back the caller's own error as it is.)
#[test]
fn a_token_in_the_error_of_a_credential_is_not_printed() {
    let error = Error::credential(std::io::Error::other(format!("the key service said: {JWT}")));
    let text = format!("{error} || {error:?} || {error:#?}");
    assert!(!leaks(&text, &JWT_PARTS), "{text}");
}

// Tried: `RawBody::json` of a body whose member name is a token.
// Expected: the error, which names the path, does not print it.
#[tokio::test(start_paused = true)]
async fn a_token_in_the_path_of_a_decoding_error_is_not_printed() {
    let service = Service::new(|_| Reply::json(200, &json!({ JWT: 1 }).to_string()));
    let client = Client::builder().transport(service).build().unwrap();
    let body = client.default_api().v1_auth_proxy_get("x").await.unwrap();
    let text = printed(&body.json::<HashMap<String, String>>().unwrap_err());
    assert!(!leaks(&text, &JWT_PARTS), "{text}");
}

/// A transport whose error repeats the `authorization` header, and that of a cause which repeats it as well.
struct Repeats;

#[derive(Debug)]
struct Failure(String, Option<Box<Failure>>);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot send {}", self.0)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

impl Transport for Repeats {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        let token = authorization(&request).to_owned();
        let failure = Failure(token.clone(), Some(Box::new(Failure(token, None))));
        Box::pin(async { Err(TransportError::other(failure)) })
    }
}

// Tried: the error of a custom transport, and its cause, repeat an opaque token.
// Expected: neither is printed, by the error or by its chain; who asks for the cause gets it as it is.
#[tokio::test]
async fn a_token_in_the_error_of_a_transport_is_not_printed() {
    let client = Client::builder().transport(Repeats).user_token(StaticToken::new(OPAQUE)).build().unwrap();
    let error = client.sts().whoami().await.unwrap_err();
    assert!(!leaks(&printed(&error), &["2YotnFZFEjr1"]), "{}", printed(&error));
    assert!(error.get_ref().unwrap().downcast_ref::<Failure>().unwrap().0 == OPAQUE);
}

// Tried: the cause of a credential's error has a cause with a token.
// Expected: the chain of sources goes on, and does not print it.
#[test]
fn a_token_below_the_cause_of_an_error_is_not_printed() {
    let cause = Failure("it".to_owned(), Some(Box::new(Failure(JWT.to_owned(), None))));
    let text = printed(&Error::credential(cause));
    assert!(!leaks(&text, &JWT_PARTS), "{text}");
    assert!(text.contains("cannot send [REDACTED]"), "{text}");
}

// Tried: what a proxy call sends comes back: a JSON value, a line of text, the password of `Basic`, a cookie.
// Expected: none is printed. The name of the error is one of OAuth 2.0, and stays.
#[tokio::test(start_paused = true)]
async fn nothing_that_a_proxy_call_sends_is_printed() {
    let service = Service::new(|request| {
        let sent = String::from_utf8_lossy(&request.body).into_owned();
        let text = json!({"error": "authorization_pending", "error_description": format!("912873 {sent} hunter2 sid-77")});
        Reply::json(400, &text.to_string()).header("x-echo", "hunter2").header("x-request-id", "sid-77")
    });
    let client = Client::builder().transport(service).build().unwrap();
    for (media_type, body) in [
        ("application/json", r#"{"grant_type":"authorization_code","a":[{"otp":912873}],"p":"zq\"4x7"}"#),
        ("text/plain", "912873\nzq\"4x7\n"),
        ("application/x-www-form-urlencoded", "grant_type=authorization_code&otp=912873&p=zq%224x7"),
    ] {
        let call = client.default_api().v1_auth_proxy_post("x").body(media_type, body);
        let call = call.header("authorization", format!("Basic {}", STANDARD.encode("me:hunter2")));
        let error = call.header("cookie", "theme=dark; sid=sid-77").await.unwrap_err();
        let text = format!("{} {:?}", printed(&error), error.trace_id());
        assert!(
            !leaks(&text, &["912873", "zq\"4x7", "zq%224x7", "zq\\\"4x7", "hunter2", "sid-77"]),
            "{text}"
        );
        assert_eq!(error.service_error().unwrap().name(), Some("authorization_pending"));
    }
}

// Tried: the caller chooses the identifier under which the service logs the call.
// Expected: it is no secret, and the trace id of the response and of the error.
#[tokio::test(start_paused = true)]
async fn a_trace_id_that_the_caller_chose_is_no_secret() {
    let service = Service::new(|request| {
        let id = request.headers["x-request-id"].to_str().unwrap().to_owned();
        let status = if id.ends_with('0') { 200 } else { 404 };
        Reply::json(status, WHOAMI).header("x-request-id", &id)
    });
    let client = Client::builder().transport(service).user_token(StaticToken::new(OPAQUE)).build().unwrap();
    let call = |id: &str| client.sts().whoami().header("x-request-id", id).with_response();
    assert_eq!(call("of-the-caller-0").await.unwrap().trace_id(), Some("of-the-caller-0"));
    assert_eq!(call("of-the-caller-1").await.unwrap_err().trace_id(), Some("of-the-caller-1"));
}
