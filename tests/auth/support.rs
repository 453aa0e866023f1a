//! Token sources and transports that do what a test says.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_tdk_iam_client::Error;
use affinidi_tdk_iam_client::auth::{AccessToken, FetchFuture, FetchedToken, TokenSource};
use affinidi_tdk_iam_client::http::{HeaderMap, StatusCode, header};
use affinidi_tdk_iam_client::transport::{
    Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};

/// What a [`Script`] does for one fetch; after its last step it succeeds.
pub enum Step {
    /// Gives a token.
    Succeed,
    /// Fails with an error that may pass by itself.
    FailForNow,
    /// Fails for good.
    Fail,
    /// Never answers.
    Hang,
}

/// A source whose tokens are `token-1`, `token-2`, … and live for a set time; a fetch takes a second.
#[derive(Clone)]
pub struct Script {
    lifetime: Duration,
    steps: Arc<Mutex<VecDeque<Step>>>,
    fetches: Arc<AtomicUsize>,
    tokens: Arc<AtomicUsize>,
}

pub const FETCH: Duration = Duration::from_secs(1);

impl Script {
    pub fn new(lifetime: u64, steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            lifetime: Duration::from_secs(lifetime),
            steps: Arc::new(Mutex::new(steps.into_iter().collect())),
            fetches: Arc::default(),
            tokens: Arc::default(),
        }
    }

    /// How often a token was asked for.
    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

impl TokenSource for Script {
    fn fetch(&self) -> FetchFuture<'_> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        let step = self.steps.lock().unwrap().pop_front().unwrap_or(Step::Succeed);
        Box::pin(async move {
            tokio::time::sleep(FETCH).await;
            match step {
                Step::Succeed => {
                    let number = self.tokens.fetch_add(1, Ordering::SeqCst) + 1;
                    Ok(FetchedToken::new(AccessToken::new(format!("token-{number}"))?, Some(self.lifetime)))
                }
                Step::FailForNow => Err(retryable().await),
                Step::Fail => Err(Error::credential("refused for good")),
                Step::Hang => std::future::pending().await,
            }
        })
    }
}

/// An error that may pass by itself, as the library itself makes them.
async fn retryable() -> Error {
    let service = Service::new(|_| Err(TransportError::connect("down")));
    let client = affinidi_tdk_iam_client::Client::builder()
        .transport(service)
        .timeout(Duration::from_millis(1))
        .build()
        .unwrap();
    client.well_known().get_well_known_did().await.unwrap_err()
}

type Answer = dyn Fn(&TransportRequest) -> Result<TransportResponse, TransportError> + Send + Sync;

/// A service in the test that remembers what it was sent.
#[derive(Clone)]
pub struct Service {
    answer: Arc<Answer>,
    requests: Arc<Mutex<Vec<TransportRequest>>>,
    delay: Duration,
}

impl Service {
    pub fn new(
        answer: impl Fn(&TransportRequest) -> Result<TransportResponse, TransportError> + Send + Sync + 'static,
    ) -> Self {
        Self { answer: Arc::new(answer), requests: Arc::default(), delay: Duration::ZERO }
    }

    /// The same service, taking its time.
    pub fn taking(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub fn requests(&self) -> Vec<TransportRequest> {
        self.requests.lock().unwrap().clone()
    }

    /// How many requests went to paths with this end.
    pub fn count(&self, path: &str) -> usize {
        self.requests().iter().filter(|request| request.url.path().ends_with(path)).count()
    }
}

impl Transport for Service {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            self.requests.lock().unwrap().push(request.clone());
            tokio::time::sleep(self.delay).await;
            (self.answer)(&request)
        })
    }
}

pub fn json(status: u16, body: &str) -> Result<TransportResponse, TransportError> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    let status = StatusCode::from_u16(status).unwrap();
    Ok(TransportResponse::new(status, body.to_owned()).with_headers(headers))
}

pub fn authorization(request: &TransportRequest) -> String {
    request.headers.get(header::AUTHORIZATION).map_or("none", |value| value.to_str().unwrap()).to_owned()
}
