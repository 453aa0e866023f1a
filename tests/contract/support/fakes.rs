//! Transports and token providers without a network, for virtual time and for answers that no server gives.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use affinidi_tdk_iam_client::auth::{AccessToken, TokenFuture, TokenProvider};
use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};

/// Answers every request the same, and keeps the requests.
#[derive(Clone)]
pub(crate) struct Canned {
    answer: TransportResponse,
    pub(crate) requests: Arc<Mutex<Vec<TransportRequest>>>,
}

impl Canned {
    pub(crate) fn new(answer: TransportResponse) -> Self {
        Self { answer, requests: Arc::default() }
    }

    pub(crate) fn sent(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

impl Transport for Canned {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        self.requests.lock().unwrap().push(request);
        Box::pin(async { Ok(self.answer.clone()) })
    }
}

/// Never answers; counts what was begun and what was given up. It is a token provider as well.
#[derive(Clone, Default)]
pub(crate) struct Never {
    begun: Arc<AtomicUsize>,
    given_up: Arc<AtomicUsize>,
}

impl Never {
    pub(crate) fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    pub(crate) fn given_up(&self) -> usize {
        self.given_up.load(Ordering::SeqCst)
    }

    async fn wait<T>(&self) -> T {
        struct GivenUp<'a>(&'a AtomicUsize);

        impl Drop for GivenUp<'_> {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }

        self.begun.fetch_add(1, Ordering::SeqCst);
        let _on_drop = GivenUp(&self.given_up);
        std::future::pending().await
    }
}

impl Transport for Never {
    fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
        Box::pin(self.wait())
    }
}

impl TokenProvider for Never {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self.wait())
    }
}

/// Supplies a token and counts how often it is asked.
#[derive(Clone)]
pub(crate) struct Counting {
    token: AccessToken,
    asked: Arc<AtomicUsize>,
}

impl Counting {
    pub(crate) fn new(token: &str) -> Self {
        Self { token: AccessToken::new(token).unwrap(), asked: Arc::default() }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl TokenProvider for Counting {
    fn token(&self) -> TokenFuture<'_> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(Ok(self.token.clone())))
    }
}
