//! Keeps secrets out of everything that can be printed.

mod folded;
mod mask;
mod secrets;
mod token_shape;

pub(crate) use self::mask::{Redacted, mask_quoted};
pub(crate) use self::secrets::Secrets;
