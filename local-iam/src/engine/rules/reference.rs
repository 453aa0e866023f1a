//! The reference page: the contract, rendered by Scalar from files inside this program, with calls to this service.

use std::borrow::Cow;

use scalar_api_reference::get_asset;
use serde_json::json;

use crate::engine::call::Call;
use crate::engine::problem::Problem;
use crate::engine::response::{Outcome, Response};

const PAGE: &str = include_str!("reference.html");
const CONTRACT: &str = include_str!("../../../openapi.yaml");

/// `GET /`
pub(crate) fn page(call: &Call) -> Outcome {
    let configuration = json!({
        "url": "/openapi.yaml",
        "servers": [{ "url": call.state.base_url(), "description": "This local service" }],
        // No tools of, and no links to, the hosting of those who make the renderer.
        "showDeveloperTools": "never",
        "hideClientButton": true,
        "defaultHttpClient": { "targetKey": "rust", "clientKey": "reqwest" },
        "customCss": "a[href*='scalar.com'] { display: none !important }",
        // Nothing is loaded from, or reported to, anywhere else.
        "withDefaultFonts": false,
        "telemetry": false,
        "agent": { "disabled": true },
    });
    Ok(Response::Text(
        "text/html; charset=utf-8",
        PAGE.replace("CONFIGURATION", &configuration.to_string()).into(),
    ))
}

/// `GET /reference.js`
pub(crate) fn script(_: &Call) -> Outcome {
    let script = get_asset("scalar.js").and_then(|script| String::from_utf8(script).ok());
    Ok(Response::Text("text/javascript; charset=utf-8", Cow::Owned(script.ok_or_else(Problem::unexpected)?)))
}

/// `GET /openapi.yaml`
pub(crate) fn contract(_: &Call) -> Outcome {
    Ok(Response::Text("application/yaml", CONTRACT.into()))
}
