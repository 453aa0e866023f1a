//! Where requests and secrets go.

use std::time::Duration;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{ConsumerCredential, DidKeySigner, StaticToken};
use affinidi_tdk_iam_client::{Client, RetryPolicy};
use serde_json::json;

use crate::support::*;

// Tried: HTTP_PROXY and the like are set; base URL `https`, token endpoint or consumer base URL `http` on this machine.
// Expected: those requests go to this machine directly; the proxy sees no request and no assertion.
#[test]
fn plain_http_to_this_machine_goes_through_no_proxy() {
    if let Some(url) = child() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(async {
            let pat = || pat().token_endpoint(format!("{url}/t"));
            for credential in [pat().build(), pat().base_url("https://iam.example.org/iam").build()] {
                say("alone", credential.unwrap().user_token().await);
            }
            let credential = pat().build().unwrap();
            let client = Client::builder().base_url("https://iam.example.org/iam");
            let _client = client.personal_access_token(credential.clone()).build().unwrap();
            say("in a client", credential.user_token().await);
            let signer = DidKeySigner::from_pem(private_key()).unwrap();
            let consumer = ConsumerCredential::builder().signer(signer).base_url(&url).build().unwrap();
            let _client = Client::builder().consumer_credential(consumer.clone()).build().unwrap();
            say("consumer", consumer.token().await);
        });
    }
    let proxy = server(|_, _| response("502 Bad Gateway", "", b"the proxy"));
    let endpoint = server(|_, _| response("200 OK", JSON, br#"{"access_token":"t","expires_in":3600}"#));
    let said = again(
        "plain_http_to_this_machine_goes_through_no_proxy",
        &endpoint.url(),
        &["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, proxy.url())),
    );
    let lines: Vec<String> =
        proxy.requests().iter().map(|r| r.lines().next().unwrap_or("").to_owned()).collect();
    assert!(lines.is_empty(), "the proxy saw {lines:?}\n{said}");
    assert!(endpoint.hits() >= 4, "{said}");
}

// Tried: the other way round: base URL on this machine (a sidecar), token endpoint `https` beyond the proxy.
// Expected: the proxy is asked for a tunnel to the token endpoint.
#[test]
fn an_https_token_endpoint_is_reached_through_the_proxy() {
    if let Some(url) = child() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let credential = pat().base_url(url).token_endpoint("https://auth.example.org/t");
        let credential = credential.fetch_timeout(Duration::from_secs(3)).build().unwrap();
        return runtime.block_on(async { say("token", credential.user_token().await) });
    }
    let proxy = server(|_, _| response("502 Bad Gateway", "", b"the proxy"));
    let sidecar = server(|_, _| response("200 OK", JSON, b"{}"));
    let said = again(
        "an_https_token_endpoint_is_reached_through_the_proxy",
        &sidecar.url(),
        &["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, proxy.url())),
    );
    let tunnel = |request: &String| request.starts_with("CONNECT auth.example.org:443 ");
    assert!(proxy.requests().iter().any(tunnel), "{:?}\n{said}", proxy.requests());
}

// Tried: the same variables; the local service fetches the keys of a token whose `jwksUri` is `http` on this machine.
// Expected: it goes there directly, or else the proxy chooses the keys that authenticate.
#[test]
fn the_local_service_fetches_keys_of_this_machine_without_a_proxy() {
    if let Some(url) = child() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        return runtime.block_on(async {
            let iam = LocalIam::start().await.unwrap();
            let method = json!({"type": "PRIVATE_KEY", "signingAlgorithm": "ES256",
                "publicKeyInfo": {"jwksUri": format!("{url}/jwks.json")}});
            let method = serde_json::from_value(method).unwrap();
            let token_id = iam.add_personal_access_token_with_keys("x", method).unwrap();
            let credential = pat().token_id(token_id).base_url(iam.base_url());
            let credential = credential.token_endpoint(iam.token_endpoint()).build().unwrap();
            say("token", credential.user_token().await);
        });
    }
    let proxy = server(|_, _| response("502 Bad Gateway", "", b"the proxy"));
    let keys = server(|_, _| response("200 OK", JSON, br#"{"keys":[]}"#));
    let said = again(
        "the_local_service_fetches_keys_of_this_machine_without_a_proxy",
        &keys.url(),
        &["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, proxy.url())),
    );
    assert_eq!((proxy.hits(), keys.hits() > 0), (0, true), "requests at the proxy, any at the keys: {said}");
}

// Tried: `http://api.localhost:PORT`. The C library may ask the network for that name; a resolver chooses where the token goes.
// Expected: the request reaches this machine whatever a resolver says (RFC 6761), or `build` refuses the URL.
// (It cannot fail where the system itself resolves `*.localhost`, as systemd-resolved does.)
#[tokio::test]
async fn a_name_below_localhost_is_this_machine_or_is_refused() {
    let service = server(|_, _| response("200 OK", JSON, WHOAMI.as_bytes()));
    let client = Client::builder()
        .base_url(format!("http://api.localhost:{}/iam", service.address.port()))
        .user_token(StaticToken::new("s3cr3t-t0ken"))
        .timeout(Duration::from_secs(5))
        .retry_policy(RetryPolicy::never())
        .build();
    match client {
        Err(error) => assert!(error.is_configuration()),
        Ok(client) => drop(client.sts().whoami().await.expect("the name was looked up elsewhere")),
    }
}

// Tried: default headers for a gateway; the token endpoint is on another host.
// Expected: the gateway gets them, the token endpoint does not.
#[tokio::test(start_paused = true)]
async fn default_headers_go_to_the_base_url_only() {
    let service = Service::new(|request| match request.url.path().contains("oauth2") {
        true => Reply::json(200, r#"{"access_token":"abc","expires_in":300}"#),
        false => Reply::json(200, WHOAMI),
    });
    let client = Client::builder().base_url("https://gateway.corp.example/iam");
    let client = client.default_header("x-gateway-key", "hunter2");
    let client = client.default_header("cookie", "id=s3cr3t").transport(service.clone());
    let client = client.personal_access_token(pat().build().unwrap()).build().unwrap();
    client.sts().whoami().await.unwrap();
    let requests = service.requests.lock().unwrap();
    assert_eq!(requests.len(), 2);
    for request in requests.iter() {
        let host = request.url.host_str().unwrap();
        let there = ["x-gateway-key", "cookie"].map(|name| request.headers.contains_key(name));
        assert_eq!(there, [host == "gateway.corp.example"; 2], "at {host}");
    }
}

// Tried: proxies that demand a password, refuse to connect, or are not there.
// Expected: the error names the proxy, and not the password that the environment gives for it.
#[test]
fn an_error_of_a_proxy_names_it_without_its_password() {
    const TEST: &str = "an_error_of_a_proxy_names_it_without_its_password";
    if let Some(url) = child() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().base_url(url).allow_plain_http_to_any_host();
        let client = client.retry_policy(RetryPolicy::never()).build().unwrap();
        return runtime.block_on(async {
            let error = client.well_known().get_well_known_did().await.unwrap_err();
            assert!(error.is_connect(), "{error}");
            say("did", Err::<(), _>(error.clone()));
            assert!(!format!("{error:?}").contains("hunter2"));
        });
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (status, url, cause) in [
        ("407 No", "https://iam.example.org/iam", "proxy authorization required"),
        ("407 No", "http://iam.example.org/iam", "407 Proxy Authentication Required"),
        ("502 Bad Gateway", "https://iam.example.org/iam", "unsuccessful"),
        ("", "https://iam.example.org/iam", "refused"),
        ("", "http://iam.example.org/iam", "refused"),
    ] {
        let proxy = server(move |_, _| response(status, "", b""));
        let address = if status.is_empty() { closed } else { proxy.address };
        let variable = format!("http://somebody:hunter2@{address}");
        let said = again(TEST, url, &["HTTP_PROXY", "HTTPS_PROXY"].map(|name| (name, variable.clone())));
        assert!(said.contains(&format!(" through the proxy {address}: ")), "{said}");
        assert!(said.contains(cause) && said.contains(url) && !said.contains("hunter2"), "{said}");
    }
}

// Tried: proxies in the environment, and another set by `configure_http`.
// Expected: the one that is set is used, this machine is reached directly, and an error does not blame the environment's for certain.
#[test]
fn a_proxy_that_is_set_replaces_that_of_the_environment() {
    const TEST: &str = "a_proxy_that_is_set_replaces_that_of_the_environment";
    if let Some(urls) = child() {
        let (local, mine) = urls.split_once(' ').unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(async {
            for base_url in [local, "http://iam.example.org/iam", "https://iam.example.org/iam"] {
                let proxy = reqwest::Proxy::all(mine).unwrap();
                let client = Client::builder().base_url(base_url).allow_plain_http_to_any_host();
                let client = client.retry_policy(RetryPolicy::never());
                let client = client.configure_http(move |http| http.proxy(proxy.clone())).build().unwrap();
                say("did", client.well_known().get_well_known_did().await.map(drop));
            }
        });
    }
    let environment = server(|_, _| response("200 OK", JSON, b"{}"));
    let mine = server(|_, _| response("407 No", "", b""));
    let local = server(|_, _| response("200 OK", JSON, b"{}"));
    let variables = ["HTTP_PROXY", "HTTPS_PROXY"].map(|name| (name, environment.url()));
    let said = again(TEST, &format!("{} {}", local.url(), mine.url()), &variables);
    assert_eq!((environment.hits(), mine.hits(), local.hits()), (0, 2, 1), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    let [local, plain, tls] = lines[..] else { panic!("{said}") };
    assert!(local.contains("Ok"), "{said}");
    for error in [plain, tls] {
        assert!(error.contains("unless `configure_http` sets another: "), "{said}");
    }
    assert!(plain.contains("no connection could be made"), "{said}");
}

// Tried: an image without certificate authorities.
// Expected: plain http to this machine works; `https` fails with the cause and the remedy, for a client when it is built.
#[cfg(feature = "rustls")]
#[test]
fn without_certificate_authorities_only_https_fails_and_says_what_to_do() {
    const TEST: &str = "without_certificate_authorities_only_https_fails_and_says_what_to_do";
    if let Some(url) = child() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(async {
            let client = Client::builder().base_url(&url).user_token(StaticToken::new("t")).build().unwrap();
            say("local", client.sts().whoami().await.map(drop));
            say("new", Client::new().map(drop));
            let pat = pat().token_endpoint("https://127.0.0.1:1/t").build().unwrap();
            let client = Client::builder().base_url(&url).personal_access_token(pat).build().unwrap();
            say("token", client.sts().whoami().await.map(drop));
        });
    }
    let service = server(|_, _| response("200 OK", JSON, WHOAMI.as_bytes()));
    let nowhere = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| (name, "/nonexistent".to_owned()));
    let said = again(TEST, &service.url(), &nowhere);
    let lines: Vec<&str> = said.lines().collect();
    let [local, new, token] = lines[..] else { panic!("{said}") };
    assert!(local.contains("Ok"), "{said}");
    for error in [new, token] {
        for part in ["No CA certificates", "`ca-certificates`", "`SSL_CERT_FILE`", "`configure_http`"] {
            assert!(error.contains(part), "{part}: {said}");
        }
    }
    assert!(!token.contains("attempts"), "it was retried: {token}");
}

// Tried: a request in one runtime, then one in another while the first is not driven: its connection belongs to the first.
// Expected: it works if no connection is kept.
#[test]
fn one_client_serves_two_runtimes_if_it_keeps_no_connection() {
    let service = server(|_, _| response("200 OK", JSON, WHOAMI.as_bytes()));
    let client = Client::builder()
        .base_url(service.url())
        .user_token(StaticToken::new("t"))
        .attempt_timeout(Duration::from_secs(5))
        .retry_policy(RetryPolicy::never())
        .pool_idle_timeout(Duration::ZERO)
        .build()
        .unwrap();
    let runtimes =
        [(); 3].map(|()| tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
    for runtime in &runtimes {
        runtime.block_on(async { client.sts().whoami().await }).unwrap();
    }
}
