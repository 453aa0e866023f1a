//! The check of a request against a schema.

use serde_json::{Map, Value};

use super::problem::Detail;
use super::schema::{Object, Shape};

/// Everything in `value` that the schema forbids; empty when it conforms. `location` is the part of the request that
/// held the value.
pub(crate) fn faults(schema: &Object, value: &Map<String, Value>, location: &'static str) -> Vec<Detail> {
    let mut check = Check { location, faults: Vec::new() };
    check.object(schema, value, "");
    check.faults
}

struct Check {
    location: &'static str,
    faults: Vec<Detail>,
}

impl Check {
    fn fault(&mut self, path: &str, issue: impl Into<String>) {
        self.faults.push(Detail::of(path, issue, self.location));
    }

    fn object(&mut self, schema: &Object, value: &Map<String, Value>, prefix: &str) {
        for field in schema.fields {
            let path = format!("{prefix}{}", field.name);
            match value.get(field.name) {
                Some(value) => self.shape(&field.shape, value, &path),
                None if field.required => self.fault(&path, "is required"),
                None => {}
            }
        }
        if schema.open {
            return;
        }
        for name in value.keys().filter(|name| !schema.has(name)) {
            self.fault(&format!("{prefix}{name}"), "is not a known field");
        }
    }

    fn shape(&mut self, shape: &Shape, value: &Value, path: &str) {
        match (shape, value) {
            (Shape::Any, _) | (Shape::Bool, Value::Bool(_)) | (Shape::Text, Value::String(_)) => {}
            (Shape::Bool, _) => self.fault(path, "must be true or false"),
            (Shape::Text, _) => self.fault(path, "must be a string"),
            (Shape::TextThat(accepts, _), Value::String(text)) if accepts(text) => {}
            (Shape::TextThat(_, rule), _) => self.fault(path, *rule),
            (Shape::OneOf(allowed), Value::String(text)) if allowed.contains(&text.as_str()) => {}
            (Shape::OneOf(allowed), _) => self.fault(path, format!("must be one of: {}", allowed.join(", "))),
            (Shape::Integer(min, max), value) => {
                let number = match value {
                    Value::String(digits) if self.location == "query" => decimal(digits),
                    value => value.as_i64(),
                };
                if !number.is_some_and(|number| (*min..=*max).contains(&number)) {
                    self.fault(path, format!("must be a whole number from {min} to {max}"));
                }
            }
            (Shape::NonEmptyList(_), Value::Array(items)) if items.is_empty() => {
                self.fault(path, "must have at least one item");
            }
            (Shape::List(item) | Shape::NonEmptyList(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.shape(item, value, &format!("{path}[{index}]"));
                }
            }
            (Shape::List(_) | Shape::NonEmptyList(_), _) => self.fault(path, "must be an array"),
            (Shape::Object(schema), Value::Object(fields)) => {
                self.object(schema, fields, &format!("{path}."))
            }
            (Shape::Either(alternatives), Value::Object(fields)) => {
                let known = |name: &String| alternatives.iter().find(|field| field.name == name);
                match fields.iter().next().map(|(name, value)| (known(name), value)) {
                    Some((Some(field), value)) if fields.len() == 1 => {
                        self.shape(&field.shape, value, &format!("{path}.{}", field.name));
                    }
                    _ => {
                        let names: Vec<_> = alternatives.iter().map(|field| field.name).collect();
                        self.fault(path, format!("must have exactly one of: {}", names.join(", ")));
                    }
                }
            }
            (Shape::Object(_) | Shape::Either(_), _) => self.fault(path, "must be an object"),
        }
    }
}

/// The number that `text` writes in decimal digits; `None` for signs, spaces and other spellings of `i64::from_str`.
fn decimal(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
