//! No response takes more memory than a small multiple of `body_limit`, whatever it holds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::System;
use std::io::Write;
use std::sync::Mutex;

use affinidi_tdk_iam_client::auth::StaticToken;
use affinidi_tdk_iam_client::http::header::CONTENT_ENCODING;
use affinidi_tdk_iam_client::http::{HeaderMap, HeaderValue, StatusCode};
use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use affinidi_tdk_iam_client::{Client, Error, models};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use stats_alloc::{Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: StatsAlloc<System> = StatsAlloc::system();

/// The allocator counts for all threads, so one test at a time runs.
static TURN: Mutex<()> = Mutex::new(());

const MIB: usize = 1024 * 1024;
/// The default of `ClientBuilder::body_limit`.
const BODY_LIMIT: usize = 8 * MIB;

/// Responds to every request with this.
struct Canned(TransportResponse);

impl Transport for Canned {
    fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// What the values of one body may take by the estimate of the crate, which is 640 bytes for an object, 192 for a list and 64
/// for another value.
const ALLOWED: usize = 16 * BODY_LIMIT;

/// JSON that takes many times its length in memory, or much of the stack: as much as the limit lets through, and as much as the
/// estimate does.
fn shapes() -> Vec<(String, String)> {
    let mut shapes = vec![];
    let deep = r#"{"":"#.repeat(100) + "0" + &"}".repeat(100);
    for (name, part, estimate, (open, close)) in [
        ("objects", r#"{"":0}"#, 768, ("[", "]")),
        ("empty objects", "{}", 704, ("[", "]")),
        ("lists", "[0]", 256, ("[", "]")),
        ("numbers", "0", 64, ("[", "]")),
        ("texts", r#""""#, 64, ("[", "]")),
        ("fields", r#""a":0"#, 128, ("{", "}")),
        ("objects as deep as can be read", &deep, 100 * 704 + 64, ("[", "]")),
    ] {
        let most = (BODY_LIMIT - 64) / (part.len() + 1);
        for count in [most, most.min((ALLOWED - 4096) / estimate)] {
            shapes.push((format!("{count} {name}"), format!("{open}{}{close}", vec![part; count].join(","))));
        }
    }
    for (name, open, inner, close) in [("lists", "[", "", "]"), ("objects", r#"{"":"#, "0", "}")] {
        let depth = (BODY_LIMIT - 64) / (open.len() + close.len());
        shapes.push((
            format!("{depth} {name} in each other"),
            format!("{}{inner}{}", open.repeat(depth), close.repeat(depth)),
        ));
    }
    shapes
}

/// How many bytes `work` allocates in all, freed ones included: no less than what is in use at any moment.
fn allocated(work: impl FnOnce()) -> usize {
    let region = Region::new(&ALLOCATOR);
    work();
    region.change().bytes_allocated
}

/// How many bytes a call allocates to which the service responds with this.
fn cost_of(
    status: u16,
    body: &str,
    gzip: bool,
    call: impl AsyncFn(&Client) -> Result<(), Error>,
) -> (usize, Result<(), Error>) {
    let mut response = TransportResponse::new(StatusCode::from_u16(status).unwrap(), body.to_owned());
    if gzip {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body.as_bytes()).unwrap();
        response.body = encoder.finish().unwrap().into();
        response = response
            .with_headers(HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("gzip"))]));
    }
    let token = StaticToken::new("token");
    let client =
        Client::builder().transport(Canned(response)).user_token(token.clone()).consumer_token(token);
    let client = client.project_token(StaticToken::new("token")).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut outcome = Ok(());
    let cost = allocated(|| outcome = runtime.block_on(call(&client)));
    (cost, outcome)
}

/// The same, for every shape in this place.
fn assert_bounded(
    place: &str,
    (status, gzip): (u16, bool),
    most: usize,
    call: impl AsyncFn(&Client) -> Result<(), Error>,
) {
    let _turn = TURN.lock();
    for (shape, json) in shapes() {
        let body = place.replace('$', &json);
        assert!(body.len() <= BODY_LIMIT);
        let (cost, _) = cost_of(status, &body, gzip, &call);
        println!("{} KiB for {shape} in {place}, gzip: {gzip}", cost / 1024);
        assert!(cost <= most, "{} MiB for {shape} in {place}, gzip: {gzip}", cost / MIB);
    }
}

#[test]
fn an_error_takes_little_memory() {
    for (place, gzip) in [
        ("$", true),
        (r#"{"name":"X","more":$}"#, false),
        (r#"{"name":"X","details":$}"#, false),
        (r#"{"name":"X","details":[$]}"#, false),
        (r#"{"name":$}"#, false),
    ] {
        // Only the first 64 KiB are kept.
        assert_bounded(place, (400, gzip), MIB, async |client| client.sts().whoami().await.map(drop));
    }
}

#[test]
fn a_field_that_no_model_knows_takes_no_memory() {
    for (gzip, most) in [(false, MIB), (true, 3 * BODY_LIMIT)] {
        let place = r#"{"principalId":"p","principalType":"user","x":$}"#;
        assert_bounded(place, (200, gzip), most, async |client| client.sts().whoami().await.map(drop));
    }
}

/// Of all that is allocated, freed parts included: lists and buffers grow by doubling, and a value of an unknown form is read twice.
const MOST: usize = ALLOWED + ALLOWED / 2;

#[test]
fn values_without_a_schema_take_a_small_multiple_of_the_limit() {
    assert_bounded(r#"{"id":$}"#, (200, true), MOST, async |client| {
        client.well_known().get_well_known_did().await.map(drop)
    });
    // A form that the contract does not know.
    assert_bounded(r#"{"id_token":$}"#, (200, false), MOST, async |client| {
        let input = models::ConsumerAuthTokenEndpointInput::new(
            models::GrantType::ClientCredentials,
            models::ClientAssertionType::JwtBearer,
            "assertion",
        );
        client.consumer_auth().consumer_auth_token_endpoint(input).await.map(drop)
    });
    assert_bounded("$", (200, false), MOST, async |client| {
        client.default_api().v1_auth_proxy_get("x").await?.json::<Value>().map(drop)
    });
}

#[test]
fn what_fills_the_limit_as_a_service_would_is_read() {
    let _turn = TURN.lock();
    let project = r#"{"id":"7b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0","name":"a project","description":"of a team","createdAt":"2026"}"#;
    let projects = vec![project; (BODY_LIMIT - 64) / (project.len() + 1)].join(",");
    let body = format!(r#"{{"projects":[{projects}]}}"#);
    let call = async |client: &Client| client.projects().list_project().await.map(drop);
    assert!(cost_of(200, &body, true, call).1.is_ok());
    let call = async |client: &Client| client.well_known().get_well_known_did().await.map(drop);
    assert!(cost_of(200, &body, true, call).1.is_ok());
}
