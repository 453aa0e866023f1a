//! Without a cryptography provider a client cannot be built, with or without TLS, and nothing panics; with one TLS works.

use std::sync::Arc;

use affinidi_tdk_iam_client::{Client, RetryPolicy};
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn without_a_provider() -> Outcome {
    for base_url in ["https://127.0.0.1:1/iam", "http://127.0.0.1:1/iam"] {
        match Client::builder().base_url(base_url).build() {
            Err(error) if error.is_configuration() && error.to_string().contains("`install_default`") => {
                println!("{base_url} is refused: {error}");
            }
            other => return Err(format!("{base_url} should be refused without a provider: {other:?}").into()),
        }
    }
    Ok(())
}

/// A call by TLS to this machine.
async fn with_a_provider() -> Outcome {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["localhost".to_owned()])?.self_signed(&key)?;
    let trusted = reqwest::Certificate::from_der(certificate.der())?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let server = ServerConfig::builder().with_no_client_auth();
    let server = server.with_single_cert(vec![certificate.der().clone()], key)?;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("https://localhost:{}/iam", listener.local_addr()?.port());
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await?;
        let mut stream = TlsAcceptor::from(Arc::new(server)).accept(stream).await?;
        let read = stream.read(&mut [0; 4096]).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"keys\":[]}").await?;
        stream.flush().await.map(|()| read)
    });
    let client = Client::builder()
        .base_url(base_url)
        .retry_policy(RetryPolicy::never())
        .configure_http(move |http| http.tls_certs_only([trusted.clone()]))
        .build()?;
    client.well_known().get_well_known_jwks().await?;
    println!("a call by TLS, with a request of {} bytes", server.await??);
    Ok(())
}

fn main() -> Outcome {
    without_a_provider()?;
    aws_lc_rs::default_provider().install_default().map_err(|_| "another provider is installed")?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(with_a_provider())
}
