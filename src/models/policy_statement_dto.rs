// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::{model_debug, object};

/// One rule of a policy: who may do what with which resources. The published contract allows no further fields; they are allowed here so that fields it does not name survive reading, changing and writing back.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PolicyStatementDto {
    /// Actions the rule covers, each `<service>:<operationId>` such as `cis:startIssuance`, or `*` for all.
    pub action: Vec<String>,
    /// What the rule does with a match; `Allow` is the only value known.
    pub effect: String,
    /// Principals the rule applies to, as ARIs such as `ari:iam::<project id>:token/<id>` or `ari:iam::<project id>:user/<id>`.
    pub principal: Vec<String>,
    /// Resources the rule covers, as ARIs in which `*` matches anything.
    pub resource: Vec<String>,
    /// Fields that the contract does not name, by their names.
    #[serde(flatten)]
    pub additional_properties: serde_json::Map<String, serde_json::Value>,
}

impl PolicyStatementDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        action: impl IntoIterator<Item = impl Into<String>>,
        effect: impl Into<String>,
        principal: impl IntoIterator<Item = impl Into<String>>,
        resource: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            action: action.into_iter().map(Into::into).collect(),
            effect: effect.into(),
            principal: principal.into_iter().map(Into::into).collect(),
            resource: resource.into_iter().map(Into::into).collect(),
            additional_properties: serde_json::Map::new(),
        }
    }

    /// Sets a field that the contract does not name.
    #[must_use]
    pub fn with_additional_property(
        mut self,
        name: impl Into<String>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        self.additional_properties.insert(name.into(), value.into());
        self
    }
}

object!(PolicyStatementDto open {
    required action = "action",
    required effect = "effect",
    required principal = "principal",
    required resource = "resource",
});

model_debug!(PolicyStatementDto {
    plain action,
    plain effect,
    plain principal,
    plain resource,
    open additional_properties,
});
