//! A transport that remembers what responses look like: the names of their headers, and their dates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use affinidi_tdk_iam_client::auth::AccessToken;
use affinidi_tdk_iam_client::http::header::DATE;
use affinidi_tdk_iam_client::transport::{ReqwestTransport, Transport, TransportFuture, TransportRequest};

use crate::shapes;

#[derive(Clone)]
pub(crate) struct Recorder {
    inner: ReqwestTransport,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// The service's date less this machine's, in seconds, of the first response.
    clock_difference: Option<i64>,
    /// By operation: the status and the names of the headers.
    responses: BTreeMap<String, BTreeSet<String>>,
    /// By kind of token.
    tokens: BTreeMap<&'static str, String>,
}

impl Recorder {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()?;
        Ok(Self { inner: client.into(), seen: Arc::default() })
    }

    pub(crate) fn clock_difference(&self) -> Option<i64> {
        self.seen().clock_difference
    }

    /// Keeps the shape of a token.
    pub(crate) fn keep(&self, kind: &'static str, token: &AccessToken) {
        self.seen().tokens.insert(kind, shapes::of_token(token));
    }

    pub(crate) fn print_shapes(&self) {
        let seen = self.seen();
        println!("\nshapes, without values:");
        for (kind, shape) in &seen.tokens {
            println!("  {kind}: {shape}");
        }
        for (response, headers) in &seen.responses {
            let headers: Vec<_> = headers.iter().map(String::as_str).collect();
            println!("  {response}: {}", headers.join(", "));
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Recorder {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let operation = request.operation;
            let response = self.inner.send(request).await?;
            let date = response
                .headers
                .get(DATE)
                .and_then(|value| httpdate::parse_http_date(value.to_str().ok()?).ok());
            let mut seen = self.seen();
            if let Some(date) = date {
                seen.clock_difference.get_or_insert(seconds_between(SystemTime::now(), date));
            }
            let names = response.headers.keys().map(ToString::to_string);
            seen.responses
                .entry(format!("{operation} {}", response.status.as_u16()))
                .or_default()
                .extend(names);
            drop(seen);
            Ok(response)
        })
    }
}

fn seconds_between(earlier: SystemTime, later: SystemTime) -> i64 {
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match later.duration_since(earlier) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => -seconds(behind.duration()),
    }
}
