//! Reading JSON objects as models.

/// Implements `Deserialize` for a struct that is a JSON object: each field with its kind and its name in JSON, of which there may be
/// several. Unlike a derived implementation it refuses a list, whose items would be taken for the fields in their order.
///
/// What becomes of other fields is the word after the type: `closed` ignores them, `open` keeps them in `additional_properties`.
/// Fields after `without` are refused: with one of them it is another object.
macro_rules! object {
    (
        $model:ident $others:ident { $($kind:ident $field:ident = $name:literal $(| $alias:literal)*),* $(,)? }
        $(without $($refused:literal)+)?
    ) => {
        #[allow(deprecated, bindings_with_variant_name)]
        impl<'de> ::serde::Deserialize<'de> for $model {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[allow(non_camel_case_types, reason = "each variant has the name of its field")]
                enum Name {
                    $($field,)*
                    Other($crate::wire::object!(@name $others)),
                }

                impl<'de> ::serde::Deserialize<'de> for Name {
                    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        deserializer.deserialize_identifier(NameVisitor)
                    }
                }

                struct NameVisitor;

                impl ::serde::de::Visitor<'_> for NameVisitor {
                    type Value = Name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("the name of a field")
                    }

                    fn visit_str<E: ::serde::de::Error>(self, name: &str) -> Result<Name, E> {
                        Ok(match name {
                            $($name $(| $alias)* => Name::$field,)*
                            $($($refused)|+ => return Err(E::custom(concat!("it is not a ", stringify!($model)))),)?
                            _ => Name::Other($crate::wire::object!(@named $others name)),
                        })
                    }
                }

                struct ObjectVisitor;

                impl<'de> ::serde::de::Visitor<'de> for ObjectVisitor {
                    type Value = $model;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("a JSON object")
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, mut object: A) -> Result<$model, A::Error> {
                        $(let mut $field = None;)*
                        #[allow(unused_mut)]
                        let mut others = $crate::wire::object!(@others $others);
                        while let Some(name) = object.next_key()? {
                            match name {
                                $(Name::$field if $field.is_some() => {
                                    return Err(::serde::de::Error::duplicate_field($name));
                                })*
                                $(Name::$field => {
                                    $field = Some($crate::wire::object!(@read $kind object.next_value()?));
                                })*
                                Name::Other(name) => {
                                    $crate::wire::object!(@other $others others, object, name);
                                }
                            }
                        }
                        Ok($crate::wire::object!(@model $others $model {
                            $($field: $crate::wire::object!(@value $kind $field, $name),)*
                        } others))
                    }
                }

                deserializer.deserialize_map(ObjectVisitor)
            }
        }
    };

    // The name of another field is kept only where it is needed.
    (@name closed) => { () };
    (@name open) => { String };
    (@named closed $name:ident) => { () };
    (@named open $name:ident) => { $name.to_owned() };

    (@others closed) => { () };
    (@others open) => { ::serde_json::Map::new() };
    (@other closed $others:ident, $object:ident, $name:ident) => {{
        let () = $name;
        $object.next_value::<::serde::de::IgnoredAny>()?;
    }};
    (@other open $others:ident, $object:ident, $name:ident) => {
        $others.insert($name, $object.next_value()?);
    };
    (@model open $model:ident { $($fields:tt)* } $others:ident) => {
        $model { $($fields)* additional_properties: $others }
    };
    (@model closed $model:ident { $($fields:tt)* } $others:ident) => {{
        let () = $others;
        $model { $($fields)* }
    }};

    (@read integer $($value:tt)+) => {{
        let $crate::wire::Integer(value) = $($value)+;
        value
    }};
    (@read optional_integer $($value:tt)+) => {{
        let value: Option<$crate::wire::Integer> = $($value)+;
        value.map(|$crate::wire::Integer(value)| value)
    }};
    (@read optional_time $($value:tt)+) => {{
        let value: Option<$crate::wire::milliseconds::Time> = $($value)+;
        value.map(|$crate::wire::milliseconds::Time(value)| value)
    }};
    (@read $kind:ident $($value:tt)+) => { $($value)+ };
    (@value required $field:ident, $name:literal) => {
        $field.ok_or_else(|| ::serde::de::Error::missing_field($name))?
    };
    (@value integer $field:ident, $name:literal) => {
        $field.ok_or_else(|| ::serde::de::Error::missing_field($name))?
    };
    (@value $optional:ident $field:ident, $name:literal) => { $field.unwrap_or_default() };
}
pub(crate) use object;
