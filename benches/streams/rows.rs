//! Prints the rows about HTTP/2: more calls at a time than one connection has streams.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::transport::HyperTransport;
use affinidi_tdk_iam_client::{Client, ClientBuilder, RetryPolicy};
use benches::allocations::{Counting, in_use};
use benches::row::{Limit, Row};
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

#[global_allocator]
static GLOBAL: Counting = Counting;

const CALLS: usize = 10_000;
const STREAMS: u32 = 128;
const LATENCY: Duration = Duration::from_millis(200);

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return runtime.block_on(serve());
    }
    let mut server = Command::new(std::env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = BufReader::new(server.stdout.take().ok_or("no output")?);
    let mut port = String::new();
    said.read_line(&mut port)?;
    let mut pem = String::new();
    while !pem.contains("-----END") && said.read_line(&mut pem)? > 0 {}
    let url = format!("https://localhost:{}/iam", port.trim());

    let trusted = reqwest::Certificate::from_pem(pem.as_bytes())?;
    let by_reqwest = || {
        let trusted = trusted.clone();
        builder(&url).configure_http(move |http| http.tls_certs_only([trusted.clone()]))
    };
    let one = runtime.block_on(measure(
        by_reqwest()
            .http2_max_connections_per_host(1)
            .connect_timeout(Duration::from_secs(60))
            .attempt_timeout(Duration::from_secs(60)),
    ))?;
    let several = runtime.block_on(measure(by_reqwest()))?;
    let on_hyper = HyperTransport::builder().root_certificates(&pem).build()?;
    let hyper = runtime.block_on(measure(builder(&url).transport(on_hyper)))?;
    server.kill()?;
    server.wait()?;

    let mut rows = Vec::new();
    for (way, ours) in [("", several), (", on `hyper`", hyper)] {
        let row = |unit: &str, ours, theirs, limit| Row {
            what: format!("{CALLS} calls of {} ms over HTTP/2{way}", LATENCY.as_millis()),
            beside: "one connection".into(),
            unit: unit.into(),
            ours,
            theirs,
            limit,
        };
        rows.push(row("s", ours.seconds, one.seconds, Limit::Ours(2.0)));
        rows.push(row("failures", ours.failures, one.failures, Limit::Ours(0.0)));
        rows.push(row("bytes in use per call", ours.bytes, one.bytes, Limit::Ours(12.0 * 1024.0)));
    }
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}

fn builder(url: &str) -> ClientBuilder {
    Client::builder().base_url(url).retry_policy(RetryPolicy::never())
}

/// What a wave of calls takes.
#[derive(Clone, Copy)]
struct Measured {
    seconds: f64,
    failures: f64,
    /// At most in use beyond what was before, for each call.
    bytes: f64,
}

async fn measure(builder: ClientBuilder) -> Result<Measured, Box<dyn Error>> {
    let client = builder.build()?;
    let before = in_use();
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let client = client.clone();
        calls.spawn(async move { client.well_known().get_well_known_jwks().await.map(drop) });
    }
    let most = tokio::spawn(async move {
        let mut most = before;
        loop {
            most = most.max(in_use());
            if tokio::time::timeout(Duration::from_millis(5), std::future::pending::<()>()).await.is_err()
                && start.elapsed() > Duration::from_millis(1500)
            {
                return most;
            }
        }
    });
    let mut failures = 0;
    while let Some(outcome) = calls.join_next().await {
        if let Err(error) = outcome? {
            if failures == 0 {
                eprintln!("{error}");
            }
            failures += 1;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let bytes = (most.await? - before) as f64 / CALLS as f64;
    Ok(Measured { seconds, failures: f64::from(failures), bytes })
}

/// Responds to every request after the latency.
async fn serve() -> Result<(), Box<dyn Error>> {
    let key = rcgen::KeyPair::generate()?;
    let certificate = rcgen::CertificateParams::new(["localhost".to_owned()])?.self_signed(&key)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}\n{}", listener.local_addr()?.port(), certificate.pem());
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config = ServerConfig::builder().with_no_client_auth();
    let mut config = config.with_single_cert(vec![certificate.der().clone()], key)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    loop {
        let (stream, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let mut builder = h2::server::Builder::new();
            builder.max_concurrent_streams(STREAMS);
            let Ok(mut connection) = builder.handshake::<_, Bytes>(stream).await else { return };
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                tokio::spawn(async move {
                    tokio::time::sleep(LATENCY).await;
                    if let Ok(mut body) = respond.send_response(http::Response::new(()), false) {
                        let _ = body.send_data(Bytes::from_static(br#"{"keys":[]}"#), true);
                    }
                });
            }
        });
    }
}
