//! The check of a request against a schema.

use serde_json::{Map, Value};

use super::narrowing::{self, Judge};
use super::problem::Detail;
use super::schema::{Object, Shape};

/// Everything in `value` that the schema forbids to `judge`; empty when it conforms. `location` is the part of the request
/// that held the value.
pub(crate) fn faults(
    schema: &Object,
    value: &Map<String, Value>,
    location: &'static str,
    judge: Judge,
) -> Vec<Detail> {
    let mut check = Check { location, judge, faults: Vec::new() };
    check.object(schema, value, "");
    check.faults
}

struct Check {
    location: &'static str,
    judge: Judge,
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
                Some(value) => {
                    let shape = narrowing::shape(schema.name, field.name, self.judge).unwrap_or(&field.shape);
                    self.shape(shape, value, &path);
                }
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
            (Shape::TextUpTo(most), Value::String(text)) if text.chars().count() <= *most => {}
            (Shape::TextUpTo(most), _) => self.fault(path, format!("must have at most {most} characters")),
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
                let named = |name: &String| alternatives.iter().find(|object| object.has(name));
                match fields.keys().next().and_then(named) {
                    Some(schema) if fields.len() == 1 => self.object(schema, fields, &format!("{path}.")),
                    _ => {
                        let names = alternatives.iter().flat_map(|object| object.fields);
                        let names: Vec<_> = names.map(|field| field.name).collect();
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
