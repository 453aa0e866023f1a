//! `Debug` for models that hold secrets.

use std::fmt;

use super::Redacted;

/// Prints the names of a JSON object's fields and none of their values: nothing is known about fields that the contract
/// does not name, so any of them may be a secret.
pub(crate) struct FieldNames<'a>(pub(crate) &'a serde_json::Map<String, serde_json::Value>);

impl fmt::Debug for FieldNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.keys().map(|name| (name, Redacted))).finish()
    }
}

/// Implements `Debug` for a model: `plain` fields print their value, `secret` and `optional_secret` fields print
/// `[REDACTED]`, `open` fields print names only. A model whose fields are all plain derives `Debug` instead.
macro_rules! model_debug {
    ($model:ident { $($kind:ident $field:ident),* $(,)? }) => {
        #[allow(deprecated)]
        impl ::std::fmt::Debug for $model {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($model))
                    $(.field(
                        stringify!($field).trim_start_matches("r#"),
                        &$crate::wire::model_debug!(@$kind self.$field),
                    ))*
                    .finish()
            }
        }
    };
    (@plain $($value:tt)+) => { $($value)+ };
    (@secret $($value:tt)+) => { $crate::wire::Redacted };
    (@optional_secret $($value:tt)+) => { $($value)+.as_ref().map(|_| $crate::wire::Redacted) };
    (@open $($value:tt)+) => { $crate::wire::FieldNames(&$($value)+) };
}
pub(crate) use model_debug;
