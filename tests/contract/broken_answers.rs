//! Answers that no service should give: each ends in an error that keeps what came, and none costs more than its limit.

use std::io::Write;
use std::time::Duration;

use affinidi_tdk_iam_client::{Client, Error};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::support::contract::OPERATIONS;
use crate::support::operations::{Caller, callers};
use crate::support::printing::predicates;
use crate::support::server::{Server, answer, json_answer, with_all_tokens};

const LIMIT: usize = 1 << 16;

async fn list_projects(client: &Client) -> Error {
    Caller::of(&OPERATIONS["listProject"]).send(client).await.unwrap_err()
}

/// What a call makes of an answer as it stands on the wire.
async fn error_of(wire: Vec<u8>) -> Error {
    let server = Server::answering(wire).await;
    list_projects(&with_all_tokens(server.builder()).body_limit(LIMIT).build().unwrap()).await
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn gzip_answer(body: &[u8]) -> Vec<u8> {
    answer(200, &[("content-type", "application/json"), ("Content-Encoding", "GZip")], body)
}

/// An answer in chunks, without the last one.
fn chunks(chunk: &[u8], count: usize) -> Vec<u8> {
    let mut wire = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..count {
        wire.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    }
    wire
}

#[tokio::test]
async fn html_of_a_gateway_keeps_status_and_body() {
    let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let error = error_of(answer(502, &[("content-type", "text/html")], html)).await;
    assert_eq!(predicates(&error), ["is_retryable", "is_server_error", "is_status"]);
    assert_eq!(error.body(), Some(html.as_bytes()));
    assert!(error.service_error().is_none());
    assert!(error.to_string().contains("502") && error.to_string().contains("text/html"), "{error}");
    assert!(!error.to_string().contains("<h1>"), "{error}");
}

#[tokio::test]
async fn a_body_that_is_no_json_value_of_the_model_is_a_decode_error_that_keeps_what_came() {
    for body in [
        &b""[..],
        b" ",
        b"null",
        b"true",
        b"[]",
        b"<html></html>",
        b"\xff\xfe\x00",
        b"{\"projects\":[],\"lastEvaluatedKey\":\"\xff\"}",
        b"{\"projects\":[]",
        b"{\"projects\":[]} trailing",
        b"{\"projects\":[],\"projects\":[]}",
        b"{'projects':[]}",
    ] {
        let error = error_of(answer(200, &[("content-type", "application/json")], body)).await;
        assert_eq!(predicates(&error), ["is_decode"], "{}", body.escape_ascii());
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.body(), Some(body));
        assert_eq!(error.operation(), Some("listProject"));
    }
}

#[tokio::test]
async fn json_of_the_wrong_shape_names_the_path_of_what_does_not_fit() {
    let project = json!({ "id": "p", "name": "demo" });
    for (body, path) in [
        (json!({ "projects": {} }), "projects"),
        (json!({ "projects": [project, 7] }), "projects[1]"),
        (json!({ "projects": [project, { "id": "p", "name": { "first": "x" } }] }), "projects[1].name"),
        (json!({ "projects": [], "lastEvaluatedKey": 1 }), "lastEvaluatedKey"),
    ] {
        let error = error_of(json_answer(200, &body)).await;
        assert!(error.is_decode());
        assert!(error.to_string().contains(&format!("`{path}`")), "{path}: {error}");
        assert_eq!(error.body(), Some(body.to_string().as_bytes()));
    }

    // Through an open model, a one-of and a lenient number.
    for (id, pointer, wrong, path) in [
        ("getPolicies", "/statement/0/effect", json!(1), "statement[0].effect"),
        ("consumerAuthTokenEndpoint", "/expires_in", json!("1 hour"), "expires_in"),
        ("getToken", "/id", json!("not-a-uuid"), "id"),
        (
            "getToken",
            "/authenticationMethod/signingAlgorithm",
            json!(256),
            "authenticationMethod.signingAlgorithm",
        ),
        ("getWellKnownJwks", "/keys/1/kid", json!(null), "keys[1].kid"),
    ] {
        let operation = &OPERATIONS[id];
        let mut body = operation.success().1.unwrap()["example"].clone();
        *body.pointer_mut(pointer).unwrap() = wrong;
        let server = Server::answering(json_answer(200, &body)).await;
        let error = Caller::of(operation).send(&server.client()).await.unwrap_err();
        assert!(error.is_decode());
        assert!(error.to_string().contains(&format!("`{path}`")), "{path}: {error}");
    }
}

#[tokio::test]
async fn a_number_beyond_its_type_is_a_decode_error() {
    for number in ["9223372036854775808", "-9223372036854775809", "1e999", "1e30", "0.5"] {
        let server = Server::answering(answer(200, &[], format!("{{\"expires_in\":{number}}}"))).await;
        let error =
            Caller::of(&OPERATIONS["consumerAuthTokenEndpoint"]).send(&server.client()).await.unwrap_err();
        assert_eq!(predicates(&error), ["is_decode"], "{number}");
    }
}

#[tokio::test]
async fn nesting_without_end_is_an_error_and_no_overflow() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        for (id, body) in [
            ("listProject", format!("{{\"projects\":{deep}}}")),
            ("getPolicies", format!("{{\"version\":\"x\",\"statement\":[],\"unknown\":{deep}}}")),
            ("consumerAuthTokenEndpoint", format!("{{\"id_token\":{deep}}}")),
            ("getWellKnownDid", deep.clone()),
        ] {
            let server = Server::answering(answer(200, &[], &body)).await;
            let error = Caller::of(&OPERATIONS[id]).send(&server.client()).await.unwrap_err();
            assert!(error.is_decode(), "{id}: {error}");
            server.will_answer(answer(400, &[], &body));
            let error = Caller::of(&OPERATIONS[id]).send(&server.client()).await.unwrap_err();
            assert!(error.is_bad_request(), "{id}: {error}");
        }
    }
}

#[tokio::test]
async fn what_is_ignored_may_be_nested_or_large_without_end() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    for unknown in [deep.as_str(), "1e999", "123456789012345678901234567890"] {
        let body = format!("{{\"projects\":[],\"unknown\":{unknown}}}");
        let server = Server::answering(answer(200, &[], body)).await;
        server.client().projects().list_project().await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_ends_too_early_is_an_interruption() {
    let whole = json_answer(200, &json!({ "projects": [] }));
    for wire in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-le",
        &whole[..whole.len() - 1],
        &chunks(b"{\"projects\":[]}", 1),
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"I speak something else\r\n\r\n",
    ] {
        let error = error_of(wire.to_vec()).await;
        assert_eq!(
            predicates(&error),
            ["is_connection_lost", "is_retryable"],
            "{}: {error:?}",
            wire.escape_ascii()
        );
    }
}

#[tokio::test]
async fn a_redirect_is_an_error_and_is_not_followed() {
    let other = Server::answering(json_answer(200, &json!({ "projects": [] }))).await;
    for status in [301, 302, 303, 307, 308] {
        let error =
            error_of(answer(status, &[("location", &format!("{}/v1/projects", other.base_url()))], "")).await;
        assert_eq!(predicates(&error), ["is_status"], "{status}");
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
    let assertion = Server::answering(answer(307, &[("location", &other.base_url())], "")).await;
    Caller::of(&OPERATIONS["consumerAuthTokenEndpoint"]).send(&assertion.client()).await.unwrap_err();
    assert!(other.take_requests().is_empty(), "the other host was contacted");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_however_it_comes() {
    let block = vec![b' '; LIMIT];
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < LIMIT, "the bomb is small on the wire: {}", bomb.len());
    let mut lie = b"HTTP/1.1 200 OK\r\ncontent-length: 1099511627776\r\n\r\n".to_vec();
    lie.extend(&block);
    lie.extend(&block);
    for (form, wire) in [
        ("plain", answer(200, &[], vec![b' '; LIMIT + 1])),
        ("chunked", chunks(&block[..1000], 100)),
        ("a length that is not true", lie),
        ("gzip", gzip_answer(&bomb)),
        (
            "gzip that is broken beyond the limit, so that reading it all would show",
            gzip_answer(&bomb[..bomb.len() - 9]),
        ),
        ("gzip one byte beyond", gzip_answer(&gzip(&vec![b' '; LIMIT + 1]))),
    ] {
        let error = error_of(wire).await;
        assert_eq!(predicates(&error), ["is_body_too_large"], "{form}: {error:?}");
        assert_eq!(error.status().unwrap().as_u16(), 200, "{form}");
        assert!(error.headers().is_some() && error.attempts() == 1, "{form}");
    }
}

#[tokio::test]
async fn of_an_error_the_first_64_kib_are_read_and_kept_however_long_it_is() {
    let mut body =
        br#"{"details":[{"issue":"first"},7,{"issue":"second"}],"name":"NotFoundError","more":""#.to_vec();
    body.resize(16 << 20, b'x');
    let kept = &body[..64 << 10];
    for wire in [
        answer(404, &[], &body),
        answer(404, &[("content-encoding", "gzip")], gzip(&body)),
        // The transport stops reading within the encoded body.
        answer(404, &[("content-encoding", "gzip")], [gzip(kept), gzip(&noise(1 << 20))].concat()),
    ] {
        let server = Server::answering(wire).await;
        let error = server.client().tokens().get_token(Default::default()).await.unwrap_err();
        assert!(error.is_not_found(), "{error:?}");
        assert_eq!(error.service_error().unwrap().name(), Some("NotFoundError"));
        let issues = error.service_error().unwrap().details().iter().map(|detail| detail.issue());
        assert_eq!(issues.collect::<Vec<_>>(), ["first", "second"]);
        assert!(error.body() == Some(kept), "{} bytes", error.body().unwrap().len());
    }
}

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

#[tokio::test]
async fn the_status_of_an_error_counts_however_its_body_is_encoded() {
    let body = br#"{"name":"NotFoundError"}"#;
    for (encoding, body) in
        [("br", &body[..]), ("utf-8", body), ("gzip", body), ("gzip, gzip", body), ("gzip", &gzip(body)[..7])]
    {
        let error = error_of(answer(503, &[("content-encoding", encoding)], body)).await;
        assert_eq!(predicates(&error), ["is_retryable", "is_server_error", "is_status"], "{encoding}");
        assert_eq!(error.body(), Some(body), "{encoding}");
    }
}

#[tokio::test]
async fn a_response_without_content_is_a_value_or_a_decode_error() {
    for status in ["204 No Content", "205 Reset Content"] {
        for header in ["x: y", "content-encoding: br", "content-type: application/json"] {
            let wire = format!("HTTP/1.1 {status}\r\n{header}\r\n\r\n");
            for (operation, caller) in callers() {
                let server = Server::answering(wire.clone().into_bytes()).await;
                let client = server.builder().attempt_timeout(Duration::from_secs(5));
                let outcome = caller.send(&with_all_tokens(client).build().unwrap()).await;
                let needs_none = operation.success().1.is_none_or(|content| content.get("example").is_none());
                match outcome {
                    Ok(_) => assert!(needs_none, "{}", operation.id),
                    Err(error) => {
                        assert!(!needs_none && error.is_decode(), "{}: {error:?}", operation.id);
                        assert!(error.status().unwrap().is_success() && error.attempts() == 1);
                    }
                }
                assert_eq!(server.take_requests().len(), 1, "{}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let body = "\u{feff}{\"projects\":[]}";
    Server::answering(answer(200, &[], body)).await.client().projects().list_project().await.unwrap();
    let error = error_of(answer(404, &[], "\u{feff}{\"name\":\"NotFoundError\"}")).await;
    assert_eq!(error.service_error().unwrap().name(), Some("NotFoundError"));
}

#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let mut body = json!({ "projects": [] }).to_string().into_bytes();
    body.resize(LIMIT, b' ');
    for wire in [answer(200, &[], &body), gzip_answer(&gzip(&body))] {
        let server = Server::answering(wire).await;
        let client = with_all_tokens(server.builder()).body_limit(LIMIT).build().unwrap();
        client.projects().list_project().await.unwrap();
    }
}

#[tokio::test]
async fn gzip_is_undone_and_its_headers_go_with_it() {
    let plain = json!({ "projects": [{ "id": "p", "name": "demo" }] }).to_string();
    let two_members = [gzip(&plain.as_bytes()[..7]), gzip(&plain.as_bytes()[7..])].concat();
    for body in [gzip(plain.as_bytes()), two_members] {
        let server = Server::answering(gzip_answer(&body)).await;
        let response = server.client().projects().list_project().with_response().await.unwrap();
        assert_eq!(response.get_ref().projects[0].name, "demo");
        assert!(!response.headers().contains_key("content-encoding"));
        assert!(!response.headers().contains_key("content-length"));
    }
    let refusal = json!({ "name": "NotFoundError", "message": "Not found: p." }).to_string();
    let headers = [("content-encoding", "x-gzip")];
    let error = error_of(answer(404, &headers, gzip(refusal.as_bytes()))).await;
    assert_eq!(error.service_error().unwrap().name(), Some("NotFoundError"));
    assert_eq!(error.body(), Some(refusal.as_bytes()));
}

#[tokio::test]
async fn gzip_that_says_nothing_for_long_ends() {
    let empty_members = gzip(b"").repeat(LIMIT / gzip(b"").len());
    let mut empty_blocks = gzip(b"")[..10].to_vec();
    empty_blocks.extend([0, 0, 0, 0xff, 0xff].repeat(LIMIT / 5 - 10));
    for body in [empty_members, empty_blocks] {
        let error = tokio::time::timeout(Duration::from_secs(5), error_of(gzip_answer(&body))).await.unwrap();
        assert!(error.is_decode() || error.is_connection_lost(), "{error:?}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
    }
}

#[tokio::test]
async fn an_encoding_that_is_broken_or_was_not_asked_for_is_an_error_that_keeps_what_came() {
    let good = gzip(b"{\"projects\":[]}");
    let mut wrong_checksum = good.clone();
    *wrong_checksum.iter_mut().nth_back(5).unwrap() ^= 1;
    for (encoding, body, is_whole) in [
        ("br", &b"{\"projects\":[]}"[..], true),
        ("deflate", b"{\"projects\":[]}", true),
        ("gzip, gzip", &gzip(&good), true),
        ("gzip", b"{\"projects\":[]}", true),
        ("gzip", &good[..good.len() - 1], false),
        ("gzip", &wrong_checksum, true),
    ] {
        let error = error_of(answer(200, &[("content-encoding", encoding)], body)).await;
        let expected = if is_whole { &["is_decode"][..] } else { &["is_connection_lost", "is_retryable"] };
        assert_eq!(predicates(&error), expected, "{encoding}: {error:?}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.body(), Some(body), "{encoding}");
    }
}
