//! The contract's schemas as constants, and the check of a request against them.

use serde_json::{Map, Value};

use super::problem::Detail;

/// An object's members: of a JSON body, of a form, or of a query.
pub(crate) struct Object {
    pub(crate) members: &'static [Member],
    /// Whether members beside the listed ones are allowed (`additionalProperties`).
    pub(crate) open: bool,
}

pub(crate) struct Member {
    name: &'static str,
    required: bool,
    shape: Shape,
}

pub(crate) enum Shape {
    Text,
    /// Text that a rule accepts, and the rule in words.
    TextThat(fn(&str) -> bool, &'static str),
    OneOf(&'static [&'static str]),
    Bool,
    /// A whole number in this range; in a query, its decimal digits.
    Integer(i64, i64),
    List(&'static Shape),
    NonEmptyList(&'static Shape),
    Object(&'static Object),
    /// Exactly one of these members, each with its shape.
    Either(&'static [Member]),
    Any,
}

/// No members, and any others allowed.
pub(crate) const NOTHING: Object = Object { members: &[], open: true };

impl Member {
    pub(crate) const fn required(name: &'static str, shape: Shape) -> Self {
        Self { name, required: true, shape }
    }

    pub(crate) const fn optional(name: &'static str, shape: Shape) -> Self {
        Self { name, required: false, shape }
    }
}

impl Object {
    /// An object with these members and no others.
    pub(crate) const fn closed(members: &'static [Member]) -> Self {
        Self { members, open: false }
    }

    /// An object with these members among any others.
    pub(crate) const fn open(members: &'static [Member]) -> Self {
        Self { members, open: true }
    }

    /// Whether `name` is one of the listed members.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    /// Everything in `value` that the schema forbids; empty when it conforms. `location` says where the value was.
    pub(crate) fn faults(&self, value: &Map<String, Value>, location: &'static str) -> Vec<Detail> {
        let mut check = Check { location, faults: Vec::new() };
        check.object(self, value, "");
        check.faults
    }
}

struct Check {
    location: &'static str,
    faults: Vec<Detail>,
}

impl Check {
    fn fault(&mut self, field: &str, issue: impl Into<String>) {
        self.faults.push(Detail::of(field, issue, self.location));
    }

    fn object(&mut self, schema: &Object, value: &Map<String, Value>, prefix: &str) {
        for member in schema.members {
            let field = format!("{prefix}{}", member.name);
            match value.get(member.name) {
                Some(value) => self.shape(&member.shape, value, &field),
                None if member.required => self.fault(&field, "is required"),
                None => {}
            }
        }
        if schema.open {
            return;
        }
        for name in value.keys().filter(|name| !schema.has(name)) {
            self.fault(&format!("{prefix}{name}"), "is not a known member");
        }
    }

    fn shape(&mut self, shape: &Shape, value: &Value, field: &str) {
        match (shape, value) {
            (Shape::Any, _) | (Shape::Bool, Value::Bool(_)) | (Shape::Text, Value::String(_)) => {}
            (Shape::Bool, _) => self.fault(field, "must be true or false"),
            (Shape::Text, _) => self.fault(field, "must be a string"),
            (Shape::TextThat(accepts, _), Value::String(text)) if accepts(text) => {}
            (Shape::TextThat(_, rule), _) => self.fault(field, *rule),
            (Shape::OneOf(allowed), Value::String(text)) if allowed.contains(&text.as_str()) => {}
            (Shape::OneOf(allowed), _) => {
                self.fault(field, format!("must be one of: {}", allowed.join(", ")))
            }
            (Shape::Integer(min, max), value) => {
                let number = match value {
                    Value::String(digits) if self.location == "query" => decimal(digits),
                    value => value.as_i64(),
                };
                if !number.is_some_and(|number| (*min..=*max).contains(&number)) {
                    self.fault(field, format!("must be a whole number from {min} to {max}"));
                }
            }
            (Shape::NonEmptyList(_), Value::Array(items)) if items.is_empty() => {
                self.fault(field, "must have at least one item");
            }
            (Shape::List(item) | Shape::NonEmptyList(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.shape(item, value, &format!("{field}[{index}]"));
                }
            }
            (Shape::List(_) | Shape::NonEmptyList(_), _) => self.fault(field, "must be an array"),
            (Shape::Object(schema), Value::Object(members)) => {
                self.object(schema, members, &format!("{field}."))
            }
            (Shape::Either(alternatives), Value::Object(members)) => {
                let known = |name: &String| alternatives.iter().find(|member| member.name == name);
                match members.iter().next().map(|(name, value)| (known(name), value)) {
                    Some((Some(member), value)) if members.len() == 1 => {
                        self.shape(&member.shape, value, &format!("{field}.{}", member.name));
                    }
                    _ => {
                        let names: Vec<_> = alternatives.iter().map(|member| member.name).collect();
                        self.fault(field, format!("must have exactly one of: {}", names.join(", ")));
                    }
                }
            }
            (Shape::Object(_) | Shape::Either(_), _) => self.fault(field, "must be an object"),
        }
    }
}

/// The number that `text` writes in decimal digits; `None` for signs, spaces and other spellings of `i64::from_str`.
fn decimal(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
