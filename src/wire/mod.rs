//! What generated models need: JSON objects, open enums, integers that arrive as text, times, and `Debug` that keeps secrets.
//!
//! Handwritten. It knows no model and nothing of the network: a model names what it needs from here, never the reverse.

mod debug;
mod lenient;
#[cfg(feature = "consumer-iam")]
pub(crate) mod milliseconds;
mod object;
mod open_enum;

pub(crate) use self::debug::{FieldNames, model_debug};
pub(crate) use self::lenient::Integer;
pub(crate) use self::object::object;
pub(crate) use self::open_enum::open_enum;
pub(crate) use crate::support::redact::Redacted;
