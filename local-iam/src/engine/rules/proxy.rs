//! The proxies. Nothing is behind them here, so they respond with what would have been passed on.

use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::engine::call::Call;
use crate::engine::response::{Outcome, Response};

/// `/v1/auth/{proxy+}` and `/v1/idp/{proxy+}`, every method. Fault rules set other responses.
pub(crate) fn respond(call: &Call) -> Outcome {
    let content_type = call.request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let body = String::from_utf8_lossy(call.request.body());
    Ok(Response::Json(json!({
        "method": call.operation.method,
        "path": call.parameter("proxy"),
        "query": call.request.uri().query(),
        "contentType": content_type,
        "body": body,
    })))
}
