//! Verifier keys.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_tdk_iam_client::Client;
use affinidi_tdk_iam_client::auth::TokenVerifier;
use affinidi_tdk_iam_client::http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use crate::support::*;

// Tried: 200 tokens with made-up keys from clients that hang up after 5 ms, while a fetch of the keys takes 50 ms.
// Expected: at most one fetch in the `refetch_interval` of 60 s.
#[tokio::test(start_paused = true)]
async fn made_up_keys_of_clients_that_hang_up_cause_one_fetch() {
    let issuer = Issuer::new();
    let service = key_service(json!({"keys": [issuer.jwk("1")]})).taking(Duration::from_millis(50));
    let verifier = verifier(&service).build().unwrap();
    verifier.verify(&issuer.token(&head("1"), &claims())).await.unwrap();
    tokio::time::sleep(Duration::from_secs(61)).await;
    let before = service.count("jwks.json");
    for n in 0..200 {
        let token = issuer.token(&head(&format!("made-up-{n}")), &claims());
        let _ = tokio::time::timeout(Duration::from_millis(5), verifier.verify(&token)).await;
    }
    let fetches = service.count("jwks.json") - before;
    assert!(fetches <= 1, "{fetches} fetches in a second");
}

// Tried: an axum server with the verifier; 40 clients send a made-up token and close the connection after 10 ms.
// Expected: at most two fetches of the keys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_clients_hang_up_does_not_flood_the_service() {
    use axum::extract::State;
    use axum::routing::get;
    async fn hello(State(verifier): State<Arc<TokenVerifier>>, headers: HeaderMap) -> StatusCode {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match verifier.verify(token.unwrap_or_default().trim_start_matches("Bearer ")).await {
            Ok(_) => StatusCode::OK,
            Err(error) if error.is_token_rejected() => StatusCode::UNAUTHORIZED,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
    let keys = json!({"keys": [Issuer::new().jwk("1")]}).to_string();
    let service = server(move |_, _| {
        std::thread::sleep(Duration::from_millis(50));
        response("200 OK", JSON, keys.as_bytes())
    });
    let client = Client::builder().base_url(service.url()).build().unwrap();
    let verifier = Arc::new(rules(TokenVerifier::builder(&client)).build().unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().route("/hello", get(hello)).with_state(verifier);
    tokio::spawn(async move { axum::serve(listener, app).await });
    for n in 0..40 {
        let token = format!("{}.{}.AAAA", encode(head(&format!("made-up-{n}")).to_string()), encode("{}"));
        let mut connection = TcpStream::connect(address).unwrap();
        write!(connection, "GET /hello HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n")
            .unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(service.hits() <= 2, "{} fetches of the keys for 40 tokens", service.hits());
}

// Tried: `refetch_interval(Duration::MAX)` and 50 tokens with made-up keys.
// Expected: one fetch, as with any other interval.
#[tokio::test(start_paused = true)]
async fn the_longest_refetch_interval_means_never() {
    let issuer = Issuer::new();
    let service = key_service(json!({"keys": [issuer.jwk("1")]})).taking(Duration::from_millis(1));
    let verifier = verifier(&service).refetch_interval(Duration::MAX).build().unwrap();
    for n in 0..50 {
        let _ = verifier.verify(&issuer.token(&head(&format!("made-up-{n}")), &claims())).await;
    }
    assert_eq!(service.count("jwks.json"), 1);
}

// Tried: the service once responds with `{"keys":[]}`, at the moment that a made-up key makes the verifier ask.
// Expected: the keys that were there stay, and good tokens are accepted.
#[tokio::test(start_paused = true)]
async fn an_empty_key_set_does_not_replace_the_keys() {
    let issuer = Issuer::new();
    let set = json!({"keys": [issuer.jwk("1")]}).to_string();
    let fetches = AtomicUsize::new(0);
    let service = Service::new(move |_| match fetches.fetch_add(1, SeqCst) {
        1 => Reply::json(200, r#"{"keys":[]}"#),
        _ => Reply::json(200, &set),
    });
    let verifier = verifier(&service).build().unwrap();
    let good = issuer.token(&head("1"), &claims());
    verifier.verify(&good).await.unwrap();
    tokio::time::sleep(Duration::from_secs(61)).await;
    let _ = verifier.verify(&issuer.token(&head("made-up"), &claims())).await;
    verifier.verify(&good).await.expect("a good token after an empty key set");
}

// Tried: the first thing that the verifier ever gets is `{"keys":[]}`.
// Expected: nothing is known about the token: an error, but not `is_token_rejected` (a server responds with 503, not 401).
#[tokio::test(start_paused = true)]
async fn without_any_key_nothing_is_known_about_a_token() {
    let service = key_service(json!({"keys": []}));
    let token = Issuer::new().token(&head("1"), &claims());
    let error = verifier(&service).build().unwrap().verify(&token).await.unwrap_err();
    assert!(!error.is_token_rejected(), "{error}");
}

// Tried: a key set in which one key, not the one that signed, is odd: a member is missing, null or of another type.
// Expected: the token of the good key verifies, wherever the odd key stands (RFC 7517, section 5).
#[tokio::test(start_paused = true)]
async fn one_odd_key_does_not_take_the_others_down() {
    let issuer = Issuer::new();
    let other = Issuer::new().jwk("other");
    let mut odd = vec![json!({}), json!(null), json!("key"), json!({"kty": "EC", "kid": "other"})];
    for member in ["alg", "use", "kid", "kty", "crv", "x"] {
        for value in [None, Some(Value::Null), Some(json!(7)), Some(json!([]))] {
            let mut key = other.clone();
            match value {
                Some(value) => key[member] = value,
                None => drop(key.as_object_mut().unwrap().remove(member)),
            }
            odd.push(key);
        }
    }
    odd.push(json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "other", "alg": "RS256"}));
    odd.push(json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RS256", "use": "sig"}));
    let mut failures = vec![];
    for odd in odd {
        for keys in [json!([odd, issuer.jwk("1")]), json!([issuer.jwk("1"), odd])] {
            let verifier = verifier(&key_service(json!({"keys": keys}))).build().unwrap();
            if let Err(error) = verifier.verify(&issuer.token(&head("1"), &claims())).await {
                failures.push(format!("{odd}: {error}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} sets failed:\n{}", failures.len(), failures.join("\n"));
}

// Tried: the key that signed lacks `alg` or `use`, or has `use: null` or `key_ops: ["verify"]` instead.
// Expected: it verifies: the curve says the algorithm, and a key without `use` is for signatures too (RFC 7517, section 4).
#[tokio::test(start_paused = true)]
async fn a_key_without_optional_members_verifies() {
    let issuer = Issuer::new();
    let without = |member: &str| {
        let mut key = issuer.jwk("1");
        key.as_object_mut().unwrap().remove(member);
        key
    };
    let with = |mut key: Value, member: &str, value: Value| {
        key[member] = value;
        key
    };
    let mut failures = vec![];
    for key in [
        without("alg"),
        without("use"),
        with(issuer.jwk("1"), "use", Value::Null),
        with(issuer.jwk("1"), "alg", Value::Null),
        with(without("use"), "key_ops", json!(["verify"])),
    ] {
        let verifier = verifier(&key_service(json!({"keys": [key]}))).build().unwrap();
        if let Err(error) = verifier.verify(&issuer.token(&head("1"), &claims())).await {
            failures.push(format!("{key}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: the service replaces a key under the same `kid`; a token of the new key comes after the `refetch_interval`.
// Expected: it verifies: a signature that fails under a kept key is a reason to fetch, within the same limit.
#[tokio::test(start_paused = true)]
async fn a_key_replaced_under_the_same_name_is_noticed() {
    let (old, new) = (Issuer::new(), Issuer::new());
    let set = Arc::new(Mutex::new(json!({"keys": [old.jwk("k")]}).to_string()));
    let keys = set.clone();
    let service = Service::new(move |_| Reply::json(200, &keys.lock().unwrap()));
    let verifier = verifier(&service).build().unwrap();
    verifier.verify(&old.token(&head("k"), &claims())).await.unwrap();
    *set.lock().unwrap() = json!({"keys": [new.jwk("k")]}).to_string();
    tokio::time::sleep(Duration::from_secs(61)).await;
    verifier.verify(&new.token(&head("k"), &claims())).await.expect("a token of the new key");
    assert_eq!(service.count("jwks.json"), 2);
}

// Tried: the shape of the service's own key set: five ES256 keys, the signing one first, the others in reserve.
// Expected: a token of each of the five verifies, with one fetch. (Holds today.)
#[tokio::test(start_paused = true)]
async fn any_of_five_keys_verifies() {
    let issuers: Vec<Issuer> = (0..5).map(|_| Issuer::new()).collect();
    let keys: Vec<Value> = issuers.iter().enumerate().map(|(n, issuer)| issuer.jwk(&uuid(n))).collect();
    let service = key_service(json!({ "keys": keys }));
    let verifier = verifier(&service).build().unwrap();
    for (n, issuer) in issuers.iter().enumerate() {
        verifier.verify(&issuer.token(&head(&uuid(n)), &claims())).await.unwrap();
    }
    assert_eq!(service.count("jwks.json"), 1);
}
