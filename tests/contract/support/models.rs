//! Every model of the SDK, by the name of its schema.

use affinidi_tdk_iam_client::models;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[path = "../../generated/models.rs"]
mod generated;
use self::generated::for_each_model;

/// A model that was read from JSON.
pub(crate) struct Model {
    /// What it writes.
    pub(crate) written: Value,
    /// What it prints, in both forms.
    pub(crate) debug: String,
}

/// Reads `value`, from text as the runtime does, as the model of the schema `name`.
pub(crate) fn read(name: &str, value: &Value) -> Result<Model, serde_json::Error> {
    let (_, read) = TABLE.iter().find(|(schema, _)| *schema == name).expect(name);
    read(&value.to_string())
}

/// The schemas that [`TABLE`] has a model for.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

fn read_as<T: DeserializeOwned + Serialize + std::fmt::Debug>(
    text: &str,
) -> Result<Model, serde_json::Error> {
    let model: T = serde_json::from_str(text)?;
    let written = serde_json::to_value(&model)?;
    let of_value: T = serde_json::from_value(serde_json::from_str(text)?)?;
    assert_eq!(serde_json::to_value(&of_value)?, written, "JSON text and JSON values are read the same");
    assert_eq!(serde_json::from_str::<Value>(&serde_json::to_string(&model)?)?, written);
    Ok(Model { written, debug: format!("{model:?} {model:#?}") })
}

type Read = fn(&str) -> Result<Model, serde_json::Error>;

macro_rules! table {
    ($($name:ident $schema:literal,)+) => {
        const TABLE: &[(&str, Read)] = &[$(($schema, read_as::<models::$name>)),+];
    };
}
for_each_model!(table);
