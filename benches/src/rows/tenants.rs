//! Ten thousand tenants in one process, each with its own credential and a token.

use std::hint::black_box;

use affinidi_tdk_iam_client::Client;
use affinidi_tdk_iam_client::auth::{PersonalAccessToken, TokenProvider};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::address::Address;
use crate::allocations::in_use;
use crate::clock::time;
use crate::row::{Limit, Row};
use crate::signing;

const TENANTS: usize = 10_000;
/// Of the other side, which costs more.
const CLIENTS: usize = 1_000;
/// How many fetch their token at the same time.
const AT_ONCE: usize = 100;

/// Clones of one client beside a client for each tenant: what one costs to make.
pub fn time_to_make(server: &Address) -> Row {
    let [ours, theirs] = costs(server);
    row("ns to make", ours.time, theirs.time, Limit::None)
}

/// What one holds once it has its token.
pub fn memory(server: &Address, limit: Limit) -> Row {
    let [ours, theirs] = costs(server);
    row("bytes in use", ours.bytes.round(), theirs.bytes.round(), limit)
}

fn row(unit: &str, ours: f64, theirs: f64, limit: Limit) -> Row {
    let (what, beside) = (format!("one of {TENANTS} tenants"), "a client each".into());
    Row { what, beside, unit: unit.into(), ours, theirs, limit }
}

fn costs(server: &Address) -> [Cost; 2] {
    let shared = Client::builder().base_url(server.plain().base_url).build().unwrap();
    let ours = cost(TENANTS, server, |credential| shared.with_personal_access_token(credential).unwrap());
    let theirs = cost(CLIENTS, server, |credential| {
        let client = Client::builder().base_url(server.plain().base_url);
        client.personal_access_token(credential).build().unwrap()
    });
    [ours, theirs]
}

async fn fetch(credential: PersonalAccessToken) {
    black_box(credential.user_token().await.unwrap());
}

struct Cost {
    time: f64,
    bytes: f64,
}

fn cost(count: usize, server: &Address, client: impl Fn(PersonalAccessToken) -> Client) -> Cost {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let endpoint = format!("{}/oauth2/token", server.origin());
    let before = in_use();
    let credentials: Vec<_> = (0..count)
        .map(|number| {
            let credential = PersonalAccessToken::builder()
                .token_id(Uuid::from_u128(number as u128))
                .private_key_pem(signing::pem("ES256"))
                .token_endpoint(&endpoint);
            credential.build().unwrap()
        })
        .collect();
    let mut clients = Vec::with_capacity(count);
    let taken = time(|| clients.extend(credentials.iter().cloned().map(client)));
    for some in credentials.chunks(AT_ONCE) {
        runtime.block_on(async { some.iter().cloned().map(fetch).collect::<JoinSet<_>>().join_all().await });
    }
    assert!(credentials.iter().all(|credential| credential.user_tokens().cached().is_some()));
    let bytes = in_use() - before;
    drop(clients);
    Cost { time: taken.processor / count as f64, bytes: bytes as f64 / count as f64 }
}
