//! Fields that the contract calls integers and servers also write as decimal strings.

use serde_with::{As, DisplayFromStr, PickFirst, Same};

/// A number, or a string with a number.
pub(crate) type Integer = As<PickFirst<(Same, DisplayFromStr)>>;

/// The same, or nothing.
pub(crate) type OptionalInteger = As<Option<PickFirst<(Same, DisplayFromStr)>>>;
