// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::consumer_iam::models;
use crate::wire::{model_debug, object};

/// What a grantee may do with nodes of the virtual file system, and until when.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Permission {
    /// What the grantee may do.
    pub rights: Vec<models::RightsEnum>,
    /// Identifiers of the nodes, files and folders, that the rights are for.
    #[serde(rename = "nodeIds")]
    pub node_ids: Vec<String>,
    /// When the permission ends. Absent when it does not end by itself. The service refuses a finer time than milliseconds, so what is finer is left out when writing: a permission never lasts longer than meant.
    #[serde(
        rename = "expiresAt",
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::wire::milliseconds::serialize"
    )]
    pub expires_at: Option<std::time::SystemTime>,
    /// Fields that the contract does not name, by their names.
    #[serde(flatten)]
    pub additional_properties: serde_json::Map<String, serde_json::Value>,
}

impl Permission {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        rights: impl IntoIterator<Item = impl Into<models::RightsEnum>>,
        node_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            rights: rights.into_iter().map(Into::into).collect(),
            node_ids: node_ids.into_iter().map(Into::into).collect(),
            expires_at: None,
            additional_properties: serde_json::Map::new(),
        }
    }

    /// Sets `expiresAt`.
    #[must_use]
    pub fn with_expires_at(mut self, expires_at: std::time::SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
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

object!(Permission open {
    required rights = "rights",
    required node_ids = "nodeIds",
    optional_time expires_at = "expiresAt",
});

model_debug!(Permission {
    plain rights,
    plain node_ids,
    plain expires_at,
    open additional_properties,
});
