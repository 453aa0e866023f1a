//! A transport that remembers what responses look like, and no value of them that is a secret.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use affinidi_tdk_iam_client::http::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use affinidi_tdk_iam_client::http::{HeaderValue, Method};
use affinidi_tdk_iam_client::transport::{
    ReqwestTransport, Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use affinidi_tdk_iam_client::url::{Host, Url};

use crate::shape;

/// Clones share what they remember.
#[derive(Clone)]
pub(crate) struct Recorder {
    transport: Arc<ReqwestTransport>,
    /// For services on this machine, which no proxy reaches.
    direct: Arc<ReqwestTransport>,
    shapes: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let settings = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(Duration::from_secs(5))
        };
        Ok(Self {
            transport: Arc::new(settings().build()?.into()),
            direct: Arc::new(settings().no_proxy().build()?.into()),
            shapes: Arc::default(),
        })
    }

    /// One text per response, in the order in which they came.
    pub(crate) fn shapes(&self) -> Vec<String> {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Posts an empty form: a token endpoint refuses it, and so shows that it is one.
    pub(crate) async fn probe(&self, url: &Url) -> Result<TransportResponse, TransportError> {
        let mut request = TransportRequest::new(Method::POST, url.clone());
        request.operation = "tokenEndpoint, without an assertion";
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers.insert(CONTENT_TYPE, form);
        self.send(request).await
    }
}

impl Transport for Recorder {
    fn send(&self, mut request: TransportRequest) -> TransportFuture<'_> {
        // So that the body can be read here.
        request.headers.remove(ACCEPT_ENCODING);
        let operation = request.operation;
        Box::pin(async move {
            let transport = if is_loopback(&request.url) { &self.direct } else { &self.transport };
            let response = transport.send(request).await?;
            let shape = shape::of_response(operation, &response);
            self.shapes.lock().unwrap_or_else(PoisonError::into_inner).push(shape);
            Ok(response)
        })
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
