//! What `content-encoding` says of a body.

use std::io::Write;
use std::time::Duration;

use affinidi_tdk_iam_client::auth::StaticToken;
use affinidi_tdk_iam_client::{Client, Error, models};

use crate::support::*;

/// The result of `delete_token`, and how many requests were sent, when the service responds with these bytes.
async fn delete(wire: &'static str) -> (Result<(), Error>, usize) {
    let service = server(move |_, _| wire.as_bytes().to_vec());
    let client = Client::builder().base_url(service.url()).user_token(StaticToken::new("user-token"));
    let client = client.timeout(Duration::from_secs(5)).build().unwrap();
    let deleted = client.tokens().delete_token(uuid(1).parse().unwrap()).await;
    (deleted, service.hits())
}

/// The same for `whoami`, with these header lines and this body.
async fn whoami(headers: &str, body: Vec<u8>) -> (Result<models::WhoamiDto, Error>, usize) {
    let headers = format!("{JSON}{headers}");
    let service = server(move |_, _| response("200 OK", &headers, &body));
    let client = Client::builder().base_url(service.url()).user_token(StaticToken::new("user-token"));
    let client = client.timeout(Duration::from_secs(5)).build().unwrap();
    let result = client.sts().whoami().await;
    (result, service.hits())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

// Tried: DELETE gets a 204, or an empty 200, that has a `content-encoding`.
// Expected: success with one request: nothing is there to decode.
#[tokio::test]
async fn an_empty_body_needs_no_decoding() {
    let mut failures = vec![];
    for wire in [
        "HTTP/1.1 204 No Content\r\ncontent-encoding: br\r\n\r\n",
        "HTTP/1.1 204 No Content\r\ncontent-encoding: utf-8\r\n\r\n",
        "HTTP/1.1 204 No Content\r\ncontent-encoding: gzip\r\n\r\n",
        "HTTP/1.1 204 No Content\r\ncontent-encoding: zstd\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 0\r\n\r\n",
    ] {
        match delete(wire).await {
            (Ok(()), 1) => {}
            (result, requests) => failures.push(format!("{wire:?}: {result:?}, {requests} requests")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: DELETE gets a 205 on a connection that stays open, without a length.
// Expected: success at once: a 205 has no content (RFC 9110, section 15.3.6).
#[tokio::test]
async fn a_205_ends_with_its_headers() {
    for wire in [
        "HTTP/1.1 205 Reset Content\r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\ncontent-encoding: br\r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n",
    ] {
        let (result, requests) = delete(wire).await;
        assert!(result.is_ok() && requests == 1, "{wire:?}: {result:?}, {requests} requests");
    }
}

// Tried: plain JSON whose `content-encoding` is empty, `identity`, twice `identity`, or no coding at all (`utf-8`, `none`).
// Expected: read as it is, with one request. What is no registered coding may end in a decoding error instead, which is
// neither `is_connection_lost` nor retried: the whole response was there.
#[tokio::test]
async fn a_content_encoding_that_names_no_coding_is_none() {
    let mut failures = vec![];
    for coding in ["", "identity", "IDENTITY", "identity, identity", "utf-8", "UTF-8", "none"] {
        let registered = coding.is_empty() || coding.to_lowercase().contains("identity");
        match whoami(&format!("content-encoding: {coding}\r\n"), WHOAMI.into()).await {
            (Ok(_), 1) => {}
            (Err(error), 1) if !registered && !error.is_connection_lost() && !error.is_retryable() => {}
            (Ok(_), requests) => failures.push(format!("`{coding}`: {requests} requests")),
            (Err(error), requests) => failures.push(format!("`{coding}`: {requests} requests: {error}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: a gzip body whose `content-encoding` is a list, in one line or in two, or the old name `x-gzip`.
// Expected: decoded, with one request.
#[tokio::test]
async fn a_list_of_codings_is_read_whole() {
    let mut failures = vec![];
    for lines in [
        "content-encoding: gzip\r\n",
        "content-encoding: GZIP\r\n",
        "content-encoding: gzip, identity\r\n",
        "content-encoding: identity, gzip\r\n",
        "content-encoding: gzip,\r\n",
        "content-encoding: x-gzip\r\n",
        "content-encoding: identity\r\ncontent-encoding: gzip\r\n",
        "content-encoding: gzip\r\ncontent-encoding: identity\r\n",
    ] {
        match whoami(lines, gzip(WHOAMI)).await {
            (Ok(_), 1) => {}
            (Ok(_), requests) => failures.push(format!("{lines:?}: {requests} requests")),
            (Err(error), requests) => failures.push(format!("{lines:?}: {requests} requests: {error}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: `createProject` gets a 201 with plain JSON that is labelled `utf-8`, or with an empty coding.
// Expected: success, or an error that does not make the caller create the project a second time.
#[tokio::test]
async fn a_mislabelled_success_is_not_taken_for_a_lost_connection() {
    for coding in ["utf-8", ""] {
        let headers = format!("{JSON}content-encoding: {coding}\r\n");
        let body = br#"{"id":"i","ari":"a","name":"abc","createdAt":"2024-01-01"}"#;
        let service = server(move |_, _| response("201 Created", &headers, body));
        let client = Client::builder().base_url(service.url()).user_token(StaticToken::new("user-token"));
        let client = client.build().unwrap();
        if let Err(error) = client.projects().create_project(models::CreateProjectInput::new("abc")).await {
            assert!(!error.is_connection_lost() && !error.is_retryable(), "`{coding}`: {error}");
        }
        assert_eq!(service.hits(), 1);
    }
}
