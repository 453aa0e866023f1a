//! TLS, users, clusters and sentinels, in real time.

use std::sync::{Arc, Mutex};

use affinidi_tdk_iam_client::auth::{RedisServers, RedisTokenStore, TokenCache, TokenProvider, TokenStore};
use affinidi_tdk_iam_client::{CallObserver, Error};

use super::process::{Cluster, Process, await_store, free_port};
use super::{KEY, MINUTE, token};
use crate::support::Script;

/// Keeps what fails.
#[derive(Clone, Default)]
struct Failures(Arc<Mutex<Vec<String>>>);

impl CallObserver for Failures {
    fn token_store_failed(&self, error: &Error) {
        self.0.lock().unwrap().push(format!("{error} {error:?}"));
    }
}

/// All that a cache does with a store, by two processes of a fleet.
async fn assert_shares(servers: &RedisServers) {
    let stores: Vec<_> = (0..2).map(|_| RedisTokenStore::new(servers.clone(), KEY).unwrap()).collect();
    for key in (0..8).map(|n| format!("shared-{n}")) {
        assert!(stores[0].acquire_lease(&key, "one", MINUTE).await.unwrap());
        assert!(
            stores[0].acquire_lease(&key, "one", MINUTE).await.unwrap(),
            "its own, of a repeated command"
        );
        assert!(!stores[1].acquire_lease(&key, "other", MINUTE).await.unwrap());
        stores[0].put(&key, &token("secret-token", 300)).await.unwrap();
        stores[0].release_lease(&key, "one").await.unwrap();
        assert!(stores[1].acquire_lease(&key, "other", MINUTE).await.unwrap());
        let found = stores[1].get(&key).await.unwrap().unwrap();
        assert_eq!(found.token().secret(), "secret-token");
        stores[1].release_lease(&key, "other").await.unwrap();
    }
}

/// A store that never works is reported, without the password, and calls go on.
async fn assert_does_without(servers: impl Into<RedisServers>, expected: &str) {
    let failures = Failures::default();
    let store = RedisTokenStore::new(servers, KEY).unwrap();
    let cache = TokenCache::builder(Script::new(300, [])).store(store, "k").observer(failures.clone());
    assert_eq!(cache.build().token().await.unwrap().secret(), "token-1");
    let failures = failures.0.lock().unwrap();
    assert!(!failures.is_empty() && failures.iter().all(|text| text.contains(expected)), "{failures:?}");
    assert!(!failures.iter().any(|text| text.contains("hunter2")), "{failures:?}");
}

#[tokio::test]
async fn a_user_needs_only_the_commands_of_the_guide() {
    let server = Process::server(&[]);
    server.add_user_of_guide("hunter2@/:");
    assert!(server.command(&["ACL", "SETUSER", "default", "off"]).starts_with("+OK"));
    let at = |user: &str| RedisServers::from(format!("redis://{user}@127.0.0.1:{}", server.port));
    assert_shares(&at("iam:hunter2%40%2F%3A")).await;
    assert_does_without(at("iam:hunter2"), "AuthenticationFailed").await;
    assert_does_without(at("somebody:hunter2"), "AuthenticationFailed").await;
}

#[tokio::test]
async fn a_connection_that_redis_closed_costs_no_operation() {
    let server = Process::server(&[]);
    let store = server.store(KEY);
    store.put("k", &token("secret-token", 300)).await.unwrap();
    for _ in 0..3 {
        server.command(&["CLIENT", "KILL", "TYPE", "normal"]);
        assert!(store.get("k").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn servers_that_cannot_be_used_are_errors_without_their_urls() {
    let sentinels = ["redis://:hunter2@127.0.0.1:1", "redis://:hunter3@127.0.0.1:2"];
    let none: [&str; 0] = [];
    for servers in [
        RedisServers::from("hunter2"),
        RedisServers::from("https://:hunter2@127.0.0.1"),
        RedisServers::from("redis://:hunter2@127.0.0.1/database"),
        RedisServers::cluster(none),
        RedisServers::cluster(sentinels),
        RedisServers::cluster(["redis://:hunter2@127.0.0.1", "hunter2"]),
        RedisServers::sentinel(none, "redis://mymaster"),
        RedisServers::sentinel(sentinels, "redis://mymaster"),
        RedisServers::sentinel(["redis://:hunter2@127.0.0.1:1"], "hunter2"),
    ] {
        let printed = format!("{servers:?}");
        let error = RedisTokenStore::new(servers, KEY).unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(!format!("{printed} {error} {error:?}").contains("hunter"), "{printed} {error:?}");
    }
}

#[tokio::test]
async fn a_fleet_shares_tokens_through_a_cluster_also_after_a_failover() {
    let mut cluster = Cluster::start();
    let key = cluster.key_of_first_master();
    // A server that is down does not matter as long as another is up.
    cluster.masters.iter().chain([&cluster.replica]).for_each(|node| node.add_user_of_guide("hunter2"));
    let ports = [free_port(), cluster.masters[1].port];
    let servers = RedisServers::cluster(ports.map(|port| format!("redis://iam:hunter2@127.0.0.1:{port}")));
    assert_shares(&servers).await;

    let failures = Failures::default();
    let store = Arc::new(RedisTokenStore::new(servers.clone(), KEY).unwrap());
    let script = Script::new(300, []);
    let cache = TokenCache::builder(script.clone()).store(store.clone(), key.as_str());
    let cache = cache.observer(failures.clone()).build();
    let first = cache.token().await.unwrap();
    assert!(failures.0.lock().unwrap().is_empty(), "the first fetch fails");

    drop(cluster.masters.remove(0));
    cache.invalidate(&first);
    assert_eq!(cache.token().await.unwrap().secret(), "token-2", "calls go on");
    await_store(&store, &key).await;
    cluster.replica.await_reply(&["ROLE"], "master");
    assert_shares(&servers).await;
}

#[tokio::test]
async fn a_fleet_shares_tokens_through_sentinels_also_after_a_failover() {
    let master = Process::with_password("hunter2", &["--repl-diskless-sync-delay", "0"]);
    let port = master.port.to_string();
    let replica = Process::with_password("hunter2", &["--replicaof", &format!("127.0.0.1 {port}")]);
    replica.await_reply(&["INFO", "replication"], "master_link_status:up");
    [&master, &replica].into_iter().for_each(|server| server.add_user_of_guide("hunter3"));
    let sentinel = Process::sentinel(master.port, "hunter2");
    sentinel.await_reply(&["SENTINEL", "REPLICAS", "mymaster"], &replica.port.to_string());
    // A sentinel that is down does not matter as long as another is up.
    let sentinels = [format!("redis://127.0.0.1:{}", free_port()), sentinel.url()];
    let servers = RedisServers::sentinel(&sentinels, "redis://iam:hunter3@mymaster");
    assert_shares(&servers).await;
    assert_does_without(RedisServers::sentinel(&sentinels, "redis://iam:hunter3@unknown"), "MasterName")
        .await;

    let store = Arc::new(RedisTokenStore::new(servers.clone(), KEY).unwrap());
    let cache = TokenCache::builder(Script::new(300, [])).store(store.clone(), "k").build();
    let first = cache.token().await.unwrap();
    drop(master);
    cache.invalidate(&first);
    assert_eq!(cache.token().await.unwrap().secret(), "token-2", "calls go on");
    await_store(&store, "k").await;
    replica.await_reply(&["ROLE"], "master");
    assert_shares(&servers).await;
}

#[cfg(feature = "rustls")]
mod tls {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        let text = STANDARD.encode(der);
        let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    }

    /// A server with a certificate for `localhost`, and its port for TLS.
    fn server(authority: &CertifiedIssuer<'static, KeyPair>) -> (Process, u16) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, authority).unwrap();
        let port = free_port();
        let write = move |directory: &std::path::Path| {
            std::fs::write(directory.join("cert.pem"), pem("CERTIFICATE", certificate.der())).unwrap();
            std::fs::write(directory.join("key.pem"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
        };
        let settings = [
            "--tls-port",
            &port.to_string(),
            "--tls-cert-file",
            "cert.pem",
            "--tls-key-file",
            "key.pem",
            "--tls-auth-clients",
            "no",
        ];
        (Process::start(&settings, write), port)
    }

    #[tokio::test]
    async fn a_server_with_tls_needs_a_certificate_of_a_trusted_authority() {
        let (right, wrong) = (authority("right"), authority("wrong"));
        let (_server, port) = server(&right);
        let at = |host: &str| RedisServers::standalone(format!("rediss://:hunter2@{host}:{port}"));
        let url = format!("rediss://localhost:{port}");
        let [trusted, other] = [&right, &wrong].map(|authority| pem("CERTIFICATE", authority.der()));
        assert_shares(&RedisServers::standalone(&url).root_certificates_pem(&trusted)).await;
        assert_shares(&RedisServers::standalone(&url).root_certificates_pem(format!("{other}{trusted}")))
            .await;
        assert_does_without(at("localhost").root_certificates_pem(&other), "UnknownIssuer").await;
        assert_does_without(at("127.0.0.1").root_certificates_pem(&trusted), "not valid for name").await;
        assert_does_without(at("localhost"), "certificate").await;
    }

    #[test]
    fn a_store_cannot_be_told_to_trust_everybody_or_nobody() {
        let authority = pem("CERTIFICATE", authority("right").der());
        let sentinels = ["rediss://127.0.0.1:1"];
        for servers in [
            RedisServers::from("rediss://localhost/#insecure"),
            RedisServers::cluster(["rediss://localhost/#insecure"]),
            RedisServers::sentinel(sentinels, "rediss://mymaster/#insecure"),
            RedisServers::from("rediss://localhost").root_certificates_pem(""),
            RedisServers::from("rediss://localhost").root_certificates_pem("-----BEGIN CERTIFICATE-----"),
            RedisServers::from("redis://localhost").root_certificates_pem(&authority),
            RedisServers::cluster(["redis://localhost"]).root_certificates_pem(&authority),
            RedisServers::sentinel(sentinels, "redis://mymaster").root_certificates_pem(&authority),
        ] {
            assert!(RedisTokenStore::new(servers, KEY).unwrap_err().is_configuration());
        }
    }
}
