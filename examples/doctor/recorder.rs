//! A transport that remembers what responses look like, and no value of them that is a secret.

use std::sync::{Arc, Mutex, PoisonError};

use affinidi_tdk_iam_client::http::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use affinidi_tdk_iam_client::http::{HeaderValue, Method};
use affinidi_tdk_iam_client::transport::{
    ReqwestTransport, Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use affinidi_tdk_iam_client::url::Url;

use crate::shape;

/// Clones share what they remember.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    transport: ReqwestTransport,
    shapes: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
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
            let response = self.transport.send(request).await?;
            let shape = shape::of_response(operation, &response);
            self.shapes.lock().unwrap_or_else(PoisonError::into_inner).push(shape);
            Ok(response)
        })
    }
}
