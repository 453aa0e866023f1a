//! Every model of the SDK, by the name of its schema.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "consumer-iam")]
use super::contract::CONSUMER_IAM;

#[path = "../../generated/models.rs"]
mod generated;
use self::generated::for_each_model;
#[cfg(feature = "consumer-iam")]
#[path = "../../generated/consumer_iam/models.rs"]
mod generated_consumer_iam;
#[cfg(feature = "consumer-iam")]
use self::generated_consumer_iam::for_each_model as for_each_model_of_consumer_iam;

/// A model that was read from JSON.
pub(crate) struct Model {
    /// What it writes.
    pub(crate) written: Value,
    /// What it prints, in both forms.
    pub(crate) debug: String,
}

/// Reads `value`, from text as the runtime does, as the model of the schema `name`.
pub(crate) fn read(name: &str, value: &Value) -> Result<Model, serde_json::Error> {
    TABLE.get(name).expect(name)(&value.to_string())
}

/// The schemas that [`TABLE`] has a model for.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.keys().map(String::as_str)
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
        [$(($schema, read_as::<models::$name> as Read)),+]
    };
}

static TABLE: LazyLock<BTreeMap<String, Read>> = LazyLock::new(|| {
    let mut table = BTreeMap::new();
    {
        use affinidi_tdk_iam_client::models;
        table.extend(for_each_model!(table).map(|(schema, read)| (schema.to_owned(), read)));
    }
    #[cfg(feature = "consumer-iam")]
    {
        use affinidi_tdk_iam_client::consumer_iam::models;
        let models = for_each_model_of_consumer_iam!(table);
        table.extend(models.map(|(schema, read)| (format!("{CONSUMER_IAM}{schema}"), read)));
    }
    table
});
