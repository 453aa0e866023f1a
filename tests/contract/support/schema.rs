//! JSON values against the schemas of the contract.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use super::contract::{DOCUMENT, resolve};

/// Fails with everything that keeps `instance` from conforming to `schema`.
pub(crate) fn assert_conforms(context: &str, schema: &Value, instance: &Value) {
    let faults = faults(schema, instance);
    assert!(faults.is_empty(), "{context}: {instance} does not conform: {faults:?}");
}

pub(crate) fn conforms(schema: &Value, instance: &Value) -> bool {
    faults(schema, instance).is_empty()
}

fn faults(schema: &Value, instance: &Value) -> Vec<String> {
    validator(schema)
        .iter_errors(instance)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect()
}

/// The validator of a schema, made once.
fn validator(schema: &Value) -> Arc<Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let make = || {
        // References point into the document, so what they point to comes along.
        let bundle =
            json!({ "allOf": [schema], "components": { "schemas": DOCUMENT["components"]["schemas"] } });
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        Arc::new(options.build(&bundle).unwrap())
    };
    Arc::clone(MADE.lock().unwrap().entry(schema.to_string()).or_insert_with(make))
}

/// `value` with every part of it replaced by what `change` makes of it, given the schemas that describe that part.
pub(crate) fn rewrite(
    schema: &'static Value,
    value: &Value,
    change: &mut impl FnMut(&[&'static Value], Value) -> Value,
) -> Value {
    let mut schemas = Vec::new();
    describing(schema, value, &mut schemas);
    let find = |keyword: &str| schemas.iter().find_map(|schema| schema.get(keyword));
    let inner = match value {
        Value::Object(members) => {
            let properties = find("properties");
            let rewritten = members.iter().map(|(name, member)| {
                let schema = properties.and_then(|properties| properties.get(name));
                (
                    name.clone(),
                    schema.map_or_else(|| member.clone(), |schema| rewrite(schema, member, change)),
                )
            });
            Value::Object(rewritten.collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let schema = find("items").unwrap();
            items.iter().map(|item| rewrite(schema, item, change)).collect()
        }
        other => other.clone(),
    };
    change(&schemas, inner)
}

/// All schemas that a value has to satisfy at once: through `$ref`, `allOf`, and the alternative of `oneOf` that fits.
fn describing(schema: &'static Value, value: &Value, all: &mut Vec<&'static Value>) {
    let schema = resolve(schema);
    all.push(schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        describing(part, value, all);
    }
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    if let Some(fitting) = alternatives.into_iter().find(|alternative| conforms(alternative, value)) {
        describing(fitting, value, all);
    }
}
