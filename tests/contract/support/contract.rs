//! The contracts, read without any type of the SDK. Schemas and operations of the second one have names with a prefix here,
//! because they are called as those of the first one are.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// Where names of the second contract begin.
#[cfg(feature = "consumer-iam")]
pub(crate) const CONSUMER_IAM: &str = "consumer_iam.";

/// A contract, and where its service and its pages are.
pub(crate) struct Contract {
    /// The path below the gateway.
    pub(crate) service: &'static str,
    pub(crate) pages: &'static str,
    prefix: &'static str,
    document: Value,
}

impl Contract {
    fn new(service: &'static str, pages: &'static str, prefix: &'static str, text: &str) -> Self {
        let mut text = text.to_owned();
        for kind in ["schemas", "parameters"].map(|kind| format!("#/components/{kind}/")) {
            text = text.replace(&kind, &format!("{kind}{prefix}"));
        }
        Self { service, pages, prefix, document: serde_saphyr::from_str(&text).unwrap() }
    }
}

static CONTRACTS: LazyLock<Vec<Contract>> = LazyLock::new(|| {
    Vec::from([
        Contract::new("/iam", "docs/apis", "", include_str!("../../../openapi.yaml")),
        #[cfg(feature = "consumer-iam")]
        Contract::new(
            "/cid",
            "docs/consumer-iam/apis",
            CONSUMER_IAM,
            include_str!("../../../openapi.consumer-iam.yaml"),
        ),
    ])
});

/// A number of parts of the contracts that there are.
pub(crate) const fn of_all_contracts(iam: usize, consumer_iam: usize) -> usize {
    if cfg!(feature = "consumer-iam") { iam + consumer_iam } else { iam }
}

/// The components of all contracts, where references point to.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let merged = |kind: &str| {
        let parts =
            CONTRACTS.iter().map(|contract| (contract, contract.document["components"][kind].as_object()));
        let named = parts.flat_map(|(contract, parts)| {
            parts.unwrap().iter().map(|(name, part)| (format!("{}{name}", contract.prefix), part.clone()))
        });
        named.collect::<Map<_, _>>()
    };
    json!({ "components": { "schemas": merged("schemas"), "parameters": merged("parameters") } })
});

/// The operations of all contracts by operationId, which has a prefix in the second one.
pub(crate) static OPERATIONS: LazyLock<BTreeMap<&'static str, Operation>> = LazyLock::new(|| {
    let paths = CONTRACTS.iter().flat_map(|contract| {
        contract.document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(move |(template, item)| (contract, template, item))
    });
    let operations = paths.flat_map(|(contract, template, item)| {
        item.as_object().unwrap().iter().map(move |(method, definition)| Operation {
            contract,
            id: definition["operationId"].as_str().unwrap(),
            method: method.to_uppercase(),
            template,
            definition,
        })
    });
    operations.map(|operation| (&*operation.name().leak(), operation)).collect()
});

/// The named schemas.
pub(crate) fn schemas() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap();
    schemas.iter().map(|(name, schema)| (name.as_str(), schema))
}

/// What a `$ref` stands for, or the value itself.
pub(crate) fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).expect(reference),
        None => value,
    }
}

/// One operation as the contract has it.
pub(crate) struct Operation {
    pub(crate) contract: &'static Contract,
    pub(crate) id: &'static str,
    pub(crate) method: String,
    pub(crate) template: &'static str,
    definition: &'static Value,
}

impl Operation {
    /// Its name among the operations of all contracts.
    pub(crate) fn name(&self) -> String {
        format!("{}{}", self.contract.prefix, self.id)
    }

    /// The name of the one security scheme, if the operation has one.
    pub(crate) fn security(&self) -> Option<&'static str> {
        let schemes = self.definition["security"].as_array().unwrap();
        Some(schemes.first()?.as_object().unwrap().keys().next().unwrap())
    }

    /// What the contract puts before the token.
    pub(crate) fn authorization_format(&self) -> Option<&'static str> {
        self.definition["x-authorization-format"].as_str()
    }

    pub(crate) fn parameters(&self, location: &str) -> impl Iterator<Item = &'static Value> {
        let parameters = self.definition["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        parameters.iter().map(resolve).filter(move |parameter| parameter["in"] == location)
    }

    pub(crate) fn parameter(&self, name: &str) -> &'static Value {
        let all = ["path", "query"].into_iter().flat_map(|location| self.parameters(location));
        all.into_iter().find(|parameter| parameter["name"] == name).expect(name)
    }

    /// Media type of the request's body, and the object with its `schema` and `example`.
    pub(crate) fn body(&self) -> Option<(&'static str, &'static Value)> {
        content(self.definition.get("requestBody")?)
    }

    /// Every answer: its status (200 for `default`), with the `schema` and `example` of its body.
    pub(crate) fn answers(&self) -> impl Iterator<Item = (u16, Option<&'static Value>)> {
        let responses = self.definition["responses"].as_object().unwrap();
        responses.iter().map(|(status, response)| {
            (status.parse().unwrap_or(200), content(response).map(|(_, content)| content))
        })
    }

    /// The one answer of success.
    pub(crate) fn success(&self) -> (u16, Option<&'static Value>) {
        self.answers().find(|(status, _)| *status < 300).unwrap()
    }

    /// Every response that is an error, with the example of its body; one for each name where a status has several.
    pub(crate) fn errors(&self) -> impl Iterator<Item = (u16, &'static Value)> {
        let errors = self.answers().filter(|(status, _)| *status >= 400);
        errors.flat_map(|(status, content)| {
            let content = content.unwrap();
            let several = content.get("examples").and_then(Value::as_object).into_iter().flatten();
            let examples =
                content.get("example").into_iter().chain(several.map(|(_, example)| &example["value"]));
            examples.map(move |example| (status, example))
        })
    }

    /// Whether the contract promises no form of the answer.
    pub(crate) fn is_proxy(&self) -> bool {
        self.definition["responses"].get("default").is_some()
    }
}

fn content(holder: &'static Value) -> Option<(&'static str, &'static Value)> {
    let (media_type, content) = holder.get("content")?.as_object()?.iter().next()?;
    Some((media_type, content))
}
