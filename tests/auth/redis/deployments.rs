//! TLS, users, clusters and sentinels, in real time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_tdk_iam_client::auth::{RedisServers, RedisTokenStore, TokenCache, TokenProvider, TokenStore};
use affinidi_tdk_iam_client::{CallObserver, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;

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

/// Of names, which a cluster spreads over its nodes.
const SHARED: std::ops::Range<u8> = 0..8;

/// All that a cache does with a store, by two processes of a fleet.
async fn assert_shares(servers: &RedisServers) {
    let stores: Vec<_> = (0..2).map(|_| RedisTokenStore::new(servers.clone(), KEY).unwrap()).collect();
    for key in SHARED.map(|n| format!("shared-{n}")) {
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

#[test]
fn a_store_outlives_the_runtime_that_it_was_used_in() {
    let server = Process::server(&[]);
    let store = server.store(KEY);
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(store.put("k", &token("secret-token", 300))).unwrap();
        assert!(runtime.block_on(store.get("k")).unwrap().is_some());
    }
}

#[tokio::test]
async fn a_connection_that_takes_longer_than_its_caller_waits_serves_the_next_one() {
    let server = Process::server(&[]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let (opened, port) = (Arc::new(Notify::new()), server.port);
    let open = opened.clone();
    let proxy = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        open.notified().await;
        let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        // The listener is kept, so that whoever connects anew waits for ever.
        let _ = copy_bidirectional(&mut client, &mut server).await;
        drop(listener);
    });
    let store = RedisTokenStore::new(url, KEY).unwrap();
    timeout(Duration::from_millis(50), store.get("k")).await.unwrap_err();
    opened.notify_one();
    let patience = Duration::from_millis(50);
    let served = async { while !matches!(timeout(patience, store.get("k")).await, Ok(Ok(None))) {} };
    timeout(Duration::from_secs(5), served).await.unwrap();
    proxy.abort();
}

#[tokio::test]
async fn nothing_that_a_server_says_is_repeated() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let echo = tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut text = [0; 4096];
                while let Ok(length @ 1..) = client.read(&mut text).await {
                    let commands = text[..length].split(|byte| *byte == b'*').skip(1);
                    for command in commands.map(String::from_utf8_lossy) {
                        let reply = match command.contains("AUTH") || command.contains("CLIENT") {
                            true => "+OK\r\n",
                            false => "-ERR hunter2 sent something unknown\r\n",
                        };
                        client.write_all(reply.as_bytes()).await.unwrap();
                    }
                }
            });
        }
    });
    let url = format!("redis://:hunter2@127.0.0.1:{port}");
    assert_does_without(&url, "Redis failed").await;
    assert_does_without(RedisServers::cluster([&url]), "Redis failed").await;
    let sentinel = RedisServers::sentinel([&url], "redis://:hunter2@mymaster");
    assert_does_without(sentinel, "Redis failed").await;
    echo.abort();
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
        RedisServers::sentinel(["redis://:hunter2@127.0.0.1:1"], "unix:///mymaster"),
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
    let wrong = ports.map(|port| format!("redis://iam:hunter22@127.0.0.1:{port}"));
    assert_does_without(RedisServers::cluster(wrong), "AuthenticationFailed").await;

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
    for node in cluster.masters.iter().chain([&cluster.replica]) {
        node.await_reply(&["CLUSTER", "INFO"], "cluster_state:ok");
    }
    // Each name has its own slot, of which a node may know later than of others.
    for key in SHARED.map(|n| format!("shared-{n}")) {
        await_store(&store, &key).await;
    }
    assert_shares(&servers).await;
}

#[tokio::test]
async fn a_fleet_shares_tokens_through_sentinels_also_after_a_failover() {
    let master = Process::with_password("hunter2", &["--repl-diskless-sync-delay", "0"]);
    let port = master.port.to_string();
    let replica = Process::with_password("hunter2", &["--replicaof", &format!("127.0.0.1 {port}")]);
    replica.await_reply(&["INFO", "replication"], "master_link_status:up");
    [&master, &replica].into_iter().for_each(|server| server.add_user_of_guide("hunter3"));
    let sentinel = Process::sentinel(master.port, &["sentinel auth-pass mymaster hunter2"], |_| {});
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

mod tls {
    use std::path::Path;

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

    /// A process with a certificate for this machine, and its port for TLS.
    struct Encrypted {
        port: u16,
        certificate: String,
        key: String,
        authority: String,
    }

    impl Encrypted {
        fn new(authority: &CertifiedIssuer<'static, KeyPair>, name: &str) -> Self {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new([name.to_owned()]).unwrap();
            let certificate = params.signed_by(&key, authority).unwrap();
            Self {
                port: free_port(),
                certificate: pem("CERTIFICATE", certificate.der()),
                key: pem("PRIVATE KEY", &key.serialize_der()),
                authority: pem("CERTIFICATE", authority.der()),
            }
        }

        fn write(&self, directory: &Path) {
            let files =
                [("cert.pem", &self.certificate), ("key.pem", &self.key), ("ca.pem", &self.authority)];
            for (name, text) in files {
                std::fs::write(directory.join(name), text).unwrap();
            }
        }

        fn settings(&self) -> [String; 6] {
            [
                format!("tls-port {}", self.port),
                "tls-cert-file cert.pem".to_owned(),
                "tls-key-file key.pem".to_owned(),
                "tls-ca-cert-file ca.pem".to_owned(),
                "tls-auth-clients no".to_owned(),
                "tls-replication yes".to_owned(),
            ]
        }

        fn server(&self, more: &[&str]) -> Process {
            let settings = self.settings();
            let words = settings.iter().map(|line| line.split_once(' ').unwrap());
            let words: Vec<String> =
                words.flat_map(|(name, value)| [format!("--{name}"), value.to_owned()]).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
            Process::start(&words, |directory| self.write(directory))
        }

        fn sentinel(&self, master: u16) -> Process {
            let settings = self.settings();
            let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
            Process::sentinel(master, &settings, |directory| self.write(directory))
        }

        fn url(&self) -> String {
            format!("rediss://localhost:{}", self.port)
        }
    }

    #[tokio::test]
    async fn a_server_with_tls_needs_a_certificate_of_a_trusted_authority() {
        let (right, wrong) = (authority("right"), authority("wrong"));
        let encrypted = Encrypted::new(&right, "localhost");
        let _server = encrypted.server(&[]);
        let at = |host: &str| RedisServers::from(format!("rediss://:hunter2@{host}:{}", encrypted.port));
        let [trusted, other] = [&right, &wrong].map(|authority| pem("CERTIFICATE", authority.der()));
        let server = RedisServers::from(encrypted.url());
        assert_shares(&server.clone().root_certificates_pem(&trusted)).await;
        assert_shares(&server.root_certificates_pem(format!("{other}{trusted}"))).await;
        assert_does_without(at("localhost").root_certificates_pem(&other), "UnknownIssuer").await;
        assert_does_without(at("127.0.0.1").root_certificates_pem(&trusted), "not valid for name").await;
        assert_does_without(at("localhost"), "certificate").await;
    }

    #[tokio::test]
    async fn a_cluster_with_tls_needs_a_certificate_of_a_trusted_authority() {
        let (right, wrong) = (authority("right"), authority("wrong"));
        let encrypted = Encrypted::new(&right, "localhost");
        let bus = free_port().to_string();
        let settings = ["--cluster-enabled", "yes", "--cluster-port", &bus, "--tls-cluster", "yes"];
        let server = encrypted.server(&settings);
        server.command(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
        server.await_reply(&["CLUSTER", "INFO"], "cluster_state:ok");
        let servers = RedisServers::cluster([encrypted.url()]);
        assert_shares(&servers.clone().root_certificates_pem(pem("CERTIFICATE", right.der()))).await;
        let servers = servers.root_certificates_pem(pem("CERTIFICATE", wrong.der()));
        assert_does_without(servers, "UnknownIssuer").await;
    }

    #[tokio::test]
    async fn sentinels_with_tls_need_certificates_of_a_trusted_authority() {
        let (right, wrong) = (authority("right"), authority("wrong"));
        let encrypted = ["127.0.0.1", "localhost"].map(|name| Encrypted::new(&right, name));
        let _server = encrypted[0].server(&[]);
        let sentinel = encrypted[1].sentinel(encrypted[0].port);
        sentinel.await_reply(&["SENTINEL", "MASTER", "mymaster"], "role-reported");
        let servers = RedisServers::sentinel([encrypted[1].url()], "rediss://mymaster");
        assert_shares(&servers.clone().root_certificates_pem(pem("CERTIFICATE", right.der()))).await;
        let servers = servers.root_certificates_pem(pem("CERTIFICATE", wrong.der()));
        assert_does_without(servers, "UnknownIssuer").await;
    }

    #[test]
    fn a_store_cannot_be_set_to_trust_everybody_or_nobody() {
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
