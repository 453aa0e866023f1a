//! The environment variables for a client of a service that runs, as lines that a shell evaluates. Only the program uses this.

use std::time::Duration;

use affinidi_tdk_iam_client::transport::{ReqwestTransport, Transport, TransportRequest};
use http::Method;
use serde_json::{Map, Value};
use url::Url;

/// How long a service that was just started may take to accept connections.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);
const MAX_BODY: usize = 64 << 10;

/// The variables of the service at `gateway`, one to a line; otherwise why there are none.
pub(crate) async fn of_service_at(gateway: &str) -> Result<String, String> {
    let url = format!("{}/__local/v1/environment", gateway.trim_end_matches('/'));
    let url: Url = url.parse().map_err(|error| format!("{gateway:?} is not a URL: {error}"))?;
    let asked = tokio::time::timeout(PATIENCE, ask(url)).await;
    let body = asked.unwrap_or_else(|_| Err(format!("it did not respond within {} s", PATIENCE.as_secs())));
    let body = body.map_err(|why| format!("no service at {gateway}: {why}"))?;
    let variables: Map<String, Value> = serde_json::from_slice(&body)
        .map_err(|_| format!("{gateway} is not an affinidi-iam-local of this version"))?;
    Ok(variables.iter().map(|(name, value)| line(name, value.as_str().unwrap_or_default())).collect())
}

/// Waits for a service that does not accept connections yet.
async fn ask(url: Url) -> Result<Vec<u8>, String> {
    let transport = ReqwestTransport::default();
    loop {
        let mut request = TransportRequest::new(Method::GET, url.clone());
        request.body_limit = MAX_BODY;
        match transport.send(request).await {
            Ok(response) if response.status.is_success() => return Ok(response.body.to_vec()),
            Ok(response) => return Err(format!("it responded with status {}", response.status)),
            Err(error) if error.is_connect() => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// For shells and for readers of `.env` files: line ends are written `\n`, because many of those readers know only single lines.
/// The clients read keys in this form.
fn line(name: &str, value: &str) -> String {
    let mut escaped = String::new();
    for letter in value.trim_end().chars() {
        match letter {
            '\n' => escaped.push_str("\\n"),
            '"' | '$' | '`' | '\\' => escaped.extend(['\\', letter]),
            other => escaped.push(other),
        }
    }
    format!("export {name}=\"{escaped}\"\n")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_value_is_one_line_in_which_a_shell_expands_nothing() {
        assert_eq!(line("A", "b"), "export A=\"b\"\n");
        assert_eq!(line("KEY", "-----\nab+/=\n-----\n"), "export KEY=\"-----\\nab+/=\\n-----\"\n");
        assert_eq!(line("A", "$(x)`y`\"\\"), "export A=\"\\$(x)\\`y\\`\\\"\\\\\"\n");
    }
}
