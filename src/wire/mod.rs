//! What generated models need: open enums, integers that arrive as text, times, and `Debug` that keeps secrets.
//!
//! Handwritten. It knows no model and nothing of the network: a model names what it needs from here, never the reverse.

mod debug;
pub(crate) mod lenient;
#[cfg(feature = "consumer-iam")]
pub(crate) mod milliseconds;
mod open_enum;

pub(crate) use self::debug::{FieldNames, model_debug};
pub(crate) use self::open_enum::open_enum;
pub(crate) use crate::support::redact::Redacted;
