//! Which TLS library serves: features are additive, so both may be built in.
#![cfg(all(feature = "rustls", feature = "native-tls"))]

use affinidi_tdk_iam_client::{Client, RetryPolicy};
use tokio::io::AsyncWriteExt as _;

/// The innermost cause of an error, as its `Debug` names it.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    format!("{cause:?}")
}

#[tokio::test]
async fn rustls_serves_where_native_tls_is_built_in_as_well() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("https://{}/iam", listener.local_addr()?);
    // Whoever shakes hands complains of this in words of its own.
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        stream.write_all(b"this is no TLS, this is no TLS\r\n").await
    });

    let client = Client::builder().base_url(base_url).retry_policy(RetryPolicy::never()).build()?;
    let error = client.well_known().get_well_known_did().await.err().ok_or("the handshake should fail")?;
    server.await??;

    assert!(error.is_connect(), "{error}");
    assert!(error.get_ref().is_some());
    assert!(root_cause(&error).contains("InvalidContentType"), "{}", root_cause(&error));
    Ok(())
}
