//! How the caller signs in: passkeys and identity providers.
//!
//! No operation registers a passkey or links a provider, so what is listed is fixed: the seeded user has one of each,
//! everybody else has no passkey and no linked provider.

use serde_json::json;

use crate::engine::call::Call;
use crate::engine::problem::Problem;
use crate::engine::response::{Outcome, Response};

/// `GET /v1/accounts/passkeys`
pub(crate) fn list_passkeys(call: &Call) -> Outcome {
    let mut passkeys = Vec::new();
    if is_seeded(call)? {
        passkeys.push(json!({
            "id": "0f4cf2c2-7a86-4f0e-9a1e-6b1f9b5f3c11",
            "displayName": "Laptop",
            "createdAt": "2026-01-14T08:30:00.000Z",
        }));
    }
    Ok(Response::Json(json!({ "passkeys": passkeys })))
}

/// `GET /v1/accounts/providers`: the same providers for everybody; only the status differs.
pub(crate) fn list_providers(call: &Call) -> Outcome {
    let google = if is_seeded(call)? { "linked" } else { "unlinked" };
    let providers = json!([{ "id": "google", "status": google }, { "id": "github", "status": "unlinked" }]);
    Ok(Response::Json(json!({ "providers": providers })))
}

fn is_seeded(call: &Call) -> Result<bool, Problem> {
    Ok(*call.user()? == call.state.seeds().user())
}
