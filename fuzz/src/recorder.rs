//! A client whose transport answers at once and remembers what it was asked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use affinidi_tdk_iam_client::{Client, RetryPolicy, auth, http::StatusCode};
use tokio::runtime::{Builder, Runtime};

/// The token of every security scheme.
pub(crate) const TOKEN: &str = "opaque-dGhpcyBpcyBhIHNlY3JldA";
pub(crate) const BASE_URL: &str = "http://127.0.0.1:8080/some/where";

/// A client and the runtime that it runs on.
pub(crate) struct Recorder {
    pub(crate) client: Client,
    runtime: Runtime,
    state: Arc<State>,
}

struct State {
    answer: Mutex<TransportResponse>,
    request: Mutex<Option<TransportRequest>>,
}

struct AtOnce(Arc<State>);

impl Transport for AtOnce {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        *self.0.request.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        let answer = self.0.answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(std::future::ready(Ok(answer)))
    }
}

impl Recorder {
    /// Calls may take a second at most, and waits between attempts are none unless the service asks for one.
    pub(crate) fn new(attempts: u32) -> Self {
        let answer = Mutex::new(TransportResponse::new(StatusCode::OK, "{}"));
        let state = Arc::new(State { answer, request: Mutex::default() });
        let token = auth::StaticToken::new(TOKEN);
        let client = Client::builder()
            .base_url(BASE_URL)
            .transport(AtOnce(state.clone()))
            .user_token(token.clone())
            .project_token(token.clone())
            .consumer_token(token)
            .timeout(Duration::from_secs(1))
            .retry_policy(RetryPolicy::new().max_attempts(attempts).initial_backoff(Duration::ZERO))
            .retry_budget(u32::MAX)
            .build()
            .expect("these settings are good");
        // In virtual time: a wait costs nothing, and the machine's pace changes nothing.
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime can be made");
        Self { client, runtime, state }
    }

    /// What every request gets from now on.
    pub(crate) fn will_answer(&self, answer: TransportResponse) {
        *self.state.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }

    /// What came last since the last time of asking.
    pub(crate) fn take_request(&self) -> Option<TransportRequest> {
        self.state.request.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn run<F: IntoFuture>(&self, future: F) -> F::Output {
        self.runtime.block_on(future.into_future())
    }
}
