//! In process: the engine as the SDK's transport, without a socket.

use std::sync::Arc;

use affinidi_tdk_iam_client::transport::{
    Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use http::Request;
use url::Position;

use crate::engine::{Break, Engine};

/// Passes the requests of a client to a service in the same process; see [`LocalIam::transport`].
///
/// [`LocalIam::transport`]: crate::LocalIam::transport
#[derive(Debug, Clone)]
pub struct InProcess(pub(crate) Arc<Engine>);

impl Transport for InProcess {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let target = &request.url[Position::BeforePath..Position::AfterQuery];
            let mut incoming = Request::builder()
                .method(request.method)
                .uri(target)
                .body(request.body)
                .map_err(TransportError::other)?;
            *incoming.headers_mut() = request.headers;
            let (head, body) = self.0.handle(incoming).await.into_parts();
            match head.extensions.get::<Break>() {
                Some(Break::Reset) => {
                    Err(TransportError::connection_lost("the service reset the connection"))
                }
                Some(Break::Truncate) => {
                    Err(TransportError::connection_lost("the service truncated the body"))
                }
                None if body.len() > request.body_limit => Err(TransportError::body_too_large()),
                None => Ok(TransportResponse::new(head.status, body).with_headers(head.headers)),
            }
        })
    }
}
