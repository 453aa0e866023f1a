//! The local service, however it is reached.

use affinidi_iam_local::LocalIam;

use crate::support::*;

// Tried: the local service behind a mapped port, as `docker run -p 9090:8080` makes it; the client knows the mapped one.
// Expected: it works, or the error says which URL the service expects.
#[tokio::test]
async fn the_local_service_works_behind_a_mapped_port() {
    let iam = LocalIam::start().await.unwrap();
    let port = iam.token_endpoint().split(':').nth(2).unwrap().split('/').next().unwrap().to_owned();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mapped = listener.local_addr().unwrap().port().to_string();
    let inner = format!("127.0.0.1:{port}");
    tokio::spawn(async move {
        while let Ok((mut outside, _)) = listener.accept().await {
            let inner = inner.clone();
            tokio::spawn(async move {
                let mut inside = tokio::net::TcpStream::connect(inner).await?;
                tokio::io::copy_bidirectional(&mut outside, &mut inside).await
            });
        }
    });
    let credential = pat()
        .token_id(iam.seeds().token_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .base_url(iam.base_url().replace(&port, &mapped))
        .token_endpoint(iam.token_endpoint().replace(&port, &mapped));
    if let Err(error) = credential.build().unwrap().user_token().await {
        assert!(error.to_string().contains(&iam.token_endpoint()), "{error}");
    }
}
