//! Schemas of requests as constants. `validation` checks against them.

/// An object's fields: of a JSON body, of a form, or of a query.
pub(crate) struct Object {
    /// The name of the schema in the contract; empty for what is not in it.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    /// Whether fields beside the listed ones are allowed (`additionalProperties`).
    pub(crate) open: bool,
}

pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    Text,
    /// Text of at most so many characters.
    TextUpTo(usize),
    /// Text that a rule accepts, and the rule in words.
    TextThat(fn(&str) -> bool, &'static str),
    OneOf(&'static [&'static str]),
    Bool,
    /// A whole number in this range; in a query, its decimal digits.
    Integer(i64, i64),
    List(&'static Shape),
    NonEmptyList(&'static Shape),
    Object(&'static Object),
    /// One of these objects, each of one field.
    Either(&'static [&'static Object]),
    Any,
}

/// No fields, and any others allowed.
pub(crate) const NOTHING: Object = Object::open(&[]);

impl Field {
    pub(crate) const fn required(name: &'static str, shape: Shape) -> Self {
        Self { name, required: true, shape }
    }

    pub(crate) const fn optional(name: &'static str, shape: Shape) -> Self {
        Self { name, required: false, shape }
    }
}

impl Object {
    /// An object with these fields and no others.
    pub(crate) const fn closed(fields: &'static [Field]) -> Self {
        Self { name: "", fields, open: false }
    }

    /// An object with these fields among any others.
    pub(crate) const fn open(fields: &'static [Field]) -> Self {
        Self { name: "", fields, open: true }
    }

    /// Whether `name` is one of the listed fields.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }
}
