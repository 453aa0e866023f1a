//! openapi.yaml, read without any type of the SDK.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

/// The whole contract.
pub(crate) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(include_str!("../../../openapi.yaml")).unwrap());

/// The operations of the contract by operationId.
pub(crate) static OPERATIONS: LazyLock<BTreeMap<&'static str, Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(template, item)| {
        item.as_object().unwrap().iter().map(|(method, definition)| Operation {
            id: definition["operationId"].as_str().unwrap(),
            method: method.to_uppercase(),
            template,
            definition,
        })
    });
    operations.map(|operation| (operation.id, operation)).collect()
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
    pub(crate) id: &'static str,
    pub(crate) method: String,
    pub(crate) template: &'static str,
    definition: &'static Value,
}

impl Operation {
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
