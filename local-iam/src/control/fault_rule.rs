//! Fault rules from Rust.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Added, manage};
use crate::engine::{Engine, GatewayFailure};
use crate::error::Error;

/// A fault rule that is being written, see [`LocalIam::fault`](crate::LocalIam::fault).
///
/// What happens comes last and makes the rule: [`status`](Self::status), [`gateway`](Self::gateway), [`reset`](Self::reset),
/// [`truncate`](Self::truncate) or [`serve`](Self::serve). The rule is in force when they return.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use affinidi_iam_local::{GatewayFailure, LocalIam};
/// use serde_json::json;
///
/// let iam = LocalIam::start().await?;
/// // Every listing is refused with 429 and `Retry-After: 1`.
/// iam.fault("listProject").header("retry-after", "1").status(429)?;
/// // The next project is created, and the response is lost.
/// iam.fault("createProject").times(1).afterwards().reset()?;
/// // The next token request of a personal access token is refused.
/// iam.fault("patToken").times(1).body(json!({ "error": "invalid_client" })).status(401)?;
/// // The gateway has no response from `whoami`, with the gateway's own body.
/// iam.fault("whoami").gateway(GatewayFailure::Timeout)?;
/// // From the 11th request on, everything else takes 2 s longer.
/// iam.fault("*").skip(10).delay(Duration::from_secs(2)).serve()?;
/// # Ok(())
/// # }
/// ```
///
/// The compiler warns of a rule that says nothing about what happens:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # async fn test() -> Result<(), affinidi_iam_local::Error> {
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// iam.fault("whoami").times(1);
/// # Ok(())
/// # }
/// ```
#[must_use = "there is no rule until `status`, `gateway`, `reset`, `truncate` or `serve` is called"]
pub struct FaultRuleBuilder {
    engine: Arc<Engine>,
    operation: String,
    rule: Map<String, Value>,
    headers: Map<String, Value>,
}

impl FaultRuleBuilder {
    pub(super) fn new(engine: Arc<Engine>, operation: String) -> Self {
        Self { engine, operation, rule: Map::new(), headers: Map::new() }
    }

    fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.rule.insert(field.to_owned(), value.into());
        self
    }

    /// How many matching requests are served normally before the first one is affected. The default is 0.
    pub fn skip(self, requests: u64) -> Self {
        self.with("skip", requests)
    }

    /// How many requests are affected, at least 1. The default is all.
    pub fn times(self, requests: u64) -> Self {
        self.with("times", requests)
    }

    /// Sets a header of the response, in place of one of this name.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), Value::String(value.into()));
        self
    }

    /// Sets the body of the response: a text as it is, anything else as JSON. The default is none.
    pub fn body(self, body: impl Into<Value>) -> Self {
        self.with("body", body)
    }

    /// Delays the response, by whole milliseconds. The default is no delay, and ten minutes are the most.
    pub fn delay(self, delay: Duration) -> Self {
        self.with("delayMilliseconds", u64::try_from(delay.as_millis()).unwrap_or(u64::MAX))
    }

    /// The operation is carried out, and only its response is replaced or lost. By default it is not carried out.
    pub fn afterwards(self) -> Self {
        self.with("afterwards", true)
    }

    /// Makes the rule: the response has this status, from 200 to 599.
    ///
    /// # Errors
    ///
    /// Fails with [`is_invalid_input`](Error::is_invalid_input) when there is no such operation, and then proposes those that look
    /// like it; and when a value is out of its range, or not allowed in HTTP.
    pub fn status(self, status: u16) -> Result<FaultRule, Error> {
        self.with("status", status).make()
    }

    /// Makes the rule: the response is one of the API gateway, or of what is in front of or behind it. It takes the place of status
    /// and body.
    ///
    /// # Errors
    ///
    /// As for [`status`](Self::status), and when there is a body.
    pub fn gateway(self, failure: GatewayFailure) -> Result<FaultRule, Error> {
        self.with("gateway", json!(failure)).make()
    }

    /// Makes the rule: the connection is lost without a response.
    ///
    /// # Errors
    ///
    /// As for [`status`](Self::status).
    pub fn reset(self) -> Result<FaultRule, Error> {
        self.with("connection", "reset").make()
    }

    /// Makes the rule: the connection is lost in the middle of the body.
    ///
    /// # Errors
    ///
    /// As for [`status`](Self::status).
    pub fn truncate(self) -> Result<FaultRule, Error> {
        self.with("connection", "truncate").make()
    }

    /// Makes the rule: requests are served, with the delay, the headers and the body that were set before.
    ///
    /// # Errors
    ///
    /// As for [`status`](Self::status), and when none of these was set.
    pub fn serve(self) -> Result<FaultRule, Error> {
        self.make()
    }

    fn make(self) -> Result<FaultRule, Error> {
        let Self { engine, operation, mut rule, headers } = self;
        rule.insert("operation".into(), operation.as_str().into());
        rule.insert("headers".into(), headers.into());
        let added: Added = manage(&engine, "createFault", "make the fault rule", rule.into())?;
        Ok(FaultRule::new(engine, added.id.to_string(), operation))
    }
}

impl fmt::Debug for FaultRuleBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultRuleBuilder").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// A fault rule in force. It stays when this is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use affinidi_iam_local::LocalIam;
/// # use affinidi_tdk_iam_client::{Client, auth};
/// # let iam = LocalIam::start().await?;
/// # let user = auth::StaticToken::new(iam.user_token()?);
/// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// let unavailable = iam.fault("whoami").times(10).status(503)?;
/// client.sts().whoami().await.unwrap_err();
/// assert_eq!(unavailable.remaining(), Some(7), "one attempt and two retries");
///
/// unavailable.remove();
/// client.sts().whoami().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FaultRule {
    engine: Arc<Engine>,
    id: String,
    operation: String,
}

impl FaultRule {
    pub(super) fn new(engine: Arc<Engine>, id: String, operation: String) -> Self {
        Self { engine, id, operation }
    }

    /// The operation that it is about, or `*`.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// How many requests it will still affect. `None` when there is no limit, 0 when it is used up or removed.
    pub fn remaining(&self) -> Option<u64> {
        self.engine.state().faults().remaining(&self.id)
    }

    /// Removes the rule, if it was not removed before.
    pub fn remove(self) {
        self.engine.state().faults().remove(&self.id);
    }
}

impl fmt::Debug for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rule = f.debug_struct("FaultRule");
        rule.field("operation", &self.operation).field("remaining", &self.remaining()).finish_non_exhaustive()
    }
}
