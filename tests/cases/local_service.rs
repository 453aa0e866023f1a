//! The local service, however it is reached.

use std::net::SocketAddr;

use affinidi_iam_local::LocalIam;

use crate::support::*;

/// Passes connections on to `inner`, as a mapped port does.
async fn map_port(listener: tokio::net::TcpListener, inner: SocketAddr) {
    while let Ok((mut outside, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut inside = tokio::net::TcpStream::connect(inner).await?;
            tokio::io::copy_bidirectional(&mut outside, &mut inside).await
        });
    }
}

// Tried: the local service behind a mapped port, as `docker run -p 9090:8080` makes it; the client knows the mapped one.
// Expected: it works where the service is told its public URL, and otherwise the error says which URL the service expects.
#[tokio::test]
async fn the_local_service_works_behind_a_mapped_port() {
    for is_told in [true, false] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mapped = format!("http://{}", listener.local_addr().unwrap());
        let builder = LocalIam::builder();
        let iam = if is_told { builder.public_url(&mapped) } else { builder }.start().await.unwrap();
        tokio::spawn(map_port(listener, iam.local_addr()));
        let credential = pat()
            .token_id(iam.seeds().token_id())
            .project_id(iam.seeds().project_id())
            .private_key_pem(iam.seeds().private_key_pem())
            .base_url(format!("{mapped}/iam"))
            .token_endpoint(format!("{mapped}/auth/oauth2/token"));
        match credential.build().unwrap().project_token().await {
            Ok(_) => assert!(is_told),
            Err(error) => assert!(!is_told && error.to_string().contains(&iam.token_endpoint()), "{error}"),
        }
    }
}
