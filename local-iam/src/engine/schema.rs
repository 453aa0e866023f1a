//! The contract's schemas as constants, and the check of a body against them.

use serde_json::{Map, Value};

use super::problem::Detail;

/// A JSON object's members.
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
    OneOf(&'static [&'static str]),
}

impl Member {
    pub(crate) const fn required(name: &'static str, shape: Shape) -> Self {
        Self { name, required: true, shape }
    }

    pub(crate) const fn optional(name: &'static str, shape: Shape) -> Self {
        Self { name, required: false, shape }
    }
}

impl Object {
    /// Everything in `value` that the schema forbids; empty when it conforms.
    pub(crate) fn faults(&self, value: &Map<String, Value>) -> Vec<Detail> {
        let mut faults = Vec::new();
        self.collect(value, "", &mut faults);
        faults
    }

    fn collect(&self, value: &Map<String, Value>, prefix: &str, faults: &mut Vec<Detail>) {
        for member in self.members {
            let field = format!("{prefix}{}", member.name);
            match value.get(member.name) {
                Some(value) => member.shape.collect(value, field, faults),
                None if member.required => faults.push(Detail::of(field, "is required", "body")),
                None => {}
            }
        }
        if self.open {
            return;
        }
        for name in value.keys().filter(|name| self.members.iter().all(|member| member.name != *name)) {
            faults.push(Detail::of(format!("{prefix}{name}"), "is not a known member", "body"));
        }
    }
}

impl Shape {
    fn collect(&self, value: &Value, field: String, faults: &mut Vec<Detail>) {
        match self {
            Self::Text if value.is_string() => {}
            Self::Text => faults.push(Detail::of(field, "must be a string", "body")),
            Self::OneOf(allowed) => {
                if !value.as_str().is_some_and(|value| allowed.contains(&value)) {
                    let issue = format!("must be one of: {}", allowed.join(", "));
                    faults.push(Detail::of(field, issue, "body"));
                }
            }
        }
    }
}
