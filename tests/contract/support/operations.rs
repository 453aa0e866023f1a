//! Every operation of the contract, called through its builder with the examples of the contract.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::LazyLock;

use affinidi_tdk_iam_client::{Client, ClientBuilder, Error, RawBody, Response, RetryPolicy};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "consumer-iam")]
use super::contract::CONSUMER_IAM;
use super::contract::{OPERATIONS, Operation};

#[path = "../../generated/operations.rs"]
mod generated;
use self::generated::for_each_operation;
#[cfg(feature = "consumer-iam")]
#[path = "../../generated/consumer_iam/operations.rs"]
mod generated_consumer_iam;
#[cfg(feature = "consumer-iam")]
use self::generated_consumer_iam::for_each_operation as for_each_operation_of_consumer_iam;

/// What a call is made with.
pub(crate) struct Given {
    operation: &'static Operation,
    body: Value,
    /// Stands in for every path parameter that takes any text.
    path: Option<String>,
    headers: Vec<(String, String)>,
}

impl Given {
    fn body<T: DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone()).unwrap()
    }

    fn example<T: DeserializeOwned>(&self, name: &str) -> T {
        serde_json::from_value(self.operation.parameter(name)["example"].clone()).unwrap()
    }

    fn text(&self, name: &str) -> String {
        self.path.clone().unwrap_or_else(|| self.example(name))
    }
}

/// A call that is ready to be awaited.
pub(crate) struct Call {
    /// What the request builder prints.
    pub(crate) debug: String,
    /// How many bytes the future of `.send()` has.
    pub(crate) size: usize,
    /// `Send` by its type: every call can be spawned.
    pub(crate) outcome: Pin<Box<dyn Future<Output = Result<Response<Value>, Error>> + Send>>,
}

/// How an operation is called in one test.
pub(crate) struct Caller {
    given: Given,
    call: fn(&Client, &Given) -> Call,
}

impl Caller {
    /// The operation with the examples of the contract.
    pub(crate) fn of(operation: &'static Operation) -> Self {
        let call = TABLE.get(&operation.name()).expect(operation.id);
        let body = operation.body().map(|(_, content)| content["example"].clone()).unwrap_or_default();
        Self { given: Given { operation, body, path: None, headers: Vec::new() }, call: *call }
    }

    pub(crate) fn with_body(mut self, body: Value) -> Self {
        self.given.body = body;
        self
    }

    pub(crate) fn with_path(mut self, value: &str) -> Self {
        self.given.path = Some(value.to_owned());
        self
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.given.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn call(&self, client: &Client) -> Call {
        (self.call)(client, &self.given)
    }

    pub(crate) async fn send(&self, client: &Client) -> Result<Response<Value>, Error> {
        self.call(client).outcome.await
    }
}

/// All callers, one for each operation of the contract.
pub(crate) fn callers() -> impl Iterator<Item = (&'static Operation, Caller)> {
    OPERATIONS.values().map(|operation| (operation, Caller::of(operation)))
}

/// The operations that [`TABLE`] calls.
pub(crate) fn called() -> impl Iterator<Item = &'static str> {
    TABLE.keys().map(String::as_str)
}

/// Where every client of these tests starts, except those that test the defaults.
pub(crate) fn client_of(base_url: &str) -> ClientBuilder {
    // One attempt: what is counted here is what one call sends; tests/retry.rs counts the rest.
    Client::builder().base_url(base_url).retry_policy(RetryPolicy::never())
}

macro_rules! table {
    (|$client:ident, $given:ident| $($id:literal: $read:ident $builder:expr;)+) => {
        [$(($id, (|$client, $given| {
            let size = size_of_val(&$builder.send());
            let headers = $given.headers.iter();
            let builder = headers.fold($builder, |builder, (name, value)| builder.header(name, value));
            Call {
                debug: format!("{builder:?} {builder:#?}"),
                size,
                outcome: Box::pin(async move { Ok(builder.with_response().await?.map($read)) }),
            }
        }) as Make)),+]
    };
}

type Make = fn(&Client, &Given) -> Call;

#[allow(deprecated, reason = "deprecated operations are tested as long as they are there")]
static TABLE: LazyLock<BTreeMap<String, Make>> = LazyLock::new(|| {
    let operations = for_each_operation!(table).map(|(id, call)| (id.to_owned(), call)).into_iter();
    #[cfg(feature = "consumer-iam")]
    let operations = operations.chain(
        for_each_operation_of_consumer_iam!(table).map(|(id, call)| (format!("{CONSUMER_IAM}{id}"), call)),
    );
    operations.collect()
});

/// What a proxy operation is called with.
pub(crate) const PAIR: (&str, &str) = ("login hint", "a+b&c=d é");
pub(crate) const MEDIA_TYPE: &str = "application/octet-stream";
pub(crate) const BODY: &[u8] = b"\0\xff not JSON";

fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn raw(body: RawBody) -> Value {
    Value::String(body.text().unwrap().to_owned())
}
