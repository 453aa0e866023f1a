//! What reading a response costs.
#![cfg(target_os = "linux")]

use std::io::Write;

use affinidi_tdk_iam_client::auth::StaticToken;
use affinidi_tdk_iam_client::{Client, Error};

use crate::support::*;

/// The greatest memory of the process above that at the beginning, in MiB, while `call` runs.
async fn peak(call: impl Future) -> u64 {
    let status = |name: &str| -> u64 {
        let text = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    let before = status("VmRSS");
    call.await;
    status("VmHWM") - before
}

/// 8 MiB of small objects in a member that nobody knows, which gzip makes 11 KiB.
fn many_objects(status: u16) -> Service {
    let objects = vec![r#"{"":0}"#; (8 << 20) / 7 - 10].join(",");
    let body = format!(r#"{{"name":"X","id":"X","x":[{objects}]}}"#);
    let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
    gzip.write_all(body.as_bytes()).unwrap();
    let body = gzip.finish().unwrap();
    assert!(body.len() < 16 << 10);
    Service::new(move |_| {
        Reply { body: body.clone(), ..Reply::json(status, "") }.header("content-encoding", "gzip")
    })
}

// Tried: an error response of 11 KiB on the wire and 8 MiB of JSON. (`RawBody::json` into a `Value` is the caller's choice.)
// Expected: it takes no more than 100 MiB to read.
#[test]
fn an_error_response_takes_little_memory() {
    if child().is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let service = many_objects(400);
        let client = Client::builder().transport(service).user_token(StaticToken::new("user-token")).build();
        let client = client.unwrap();
        let peak = runtime.block_on(peak(async { assert!(client.sts().whoami().await.is_err()) }));
        return say("peak", Ok::<_, Error>(peak));
    }
    let said = again("an_error_response_takes_little_memory", "1", &[]);
    assert!(number(&said, "peak") <= 100, "MiB: {said}");
}

// Tried: a DID document of 11 KiB on the wire and 8 MiB of JSON, which is returned as a map of values.
// Expected: no more than 100 MiB, with or without an error.
#[test]
fn a_response_without_a_schema_takes_little_memory() {
    if child().is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().transport(many_objects(200)).build().unwrap();
        let peak = runtime.block_on(peak(async { drop(client.well_known().get_well_known_did().await) }));
        return say("peak", Ok::<_, Error>(peak));
    }
    let said = again("a_response_without_a_schema_takes_little_memory", "1", &[]);
    assert!(number(&said, "peak") <= 100, "MiB: {said}");
}
