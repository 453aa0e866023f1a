//! String enums that accept values which the service learns later.

/// Gives a generated enum its text form. Every enum has a variant `Unknown(String)` for values that this version does not
/// know: they are read, compared and written back unchanged.
macro_rules! open_enum {
    ($name:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $name {
            /// The value as the service writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }

            fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        /// Never fails: text that this version does not know becomes `Unknown`.
        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Unknown(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or(Self::Unknown(text))
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $name::Unknown(text) => text,
                    known => known.as_str().to_owned(),
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl ::serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E>(self, text: &str) -> Result<$name, E> {
                        Ok(text.into())
                    }

                    fn visit_string<E>(self, text: String) -> Result<$name, E> {
                        Ok(text.into())
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro is for enums that are public")]
mod tests {
    #[derive(Clone, Debug, PartialEq, Eq)]
    enum Fruit {
        Apple,
        Unknown(String),
    }

    open_enum!(Fruit { Apple => "apple" });

    #[test]
    fn known_text_never_becomes_unknown() {
        assert_eq!("apple".parse(), Ok(Fruit::Apple));
        assert_eq!(Fruit::from("apple"), Fruit::Apple);
        assert_eq!(Fruit::from("apple".to_owned()), Fruit::Apple);
        assert_eq!(serde_json::from_str::<Fruit>("\"apple\"").ok(), Some(Fruit::Apple));
    }

    #[test]
    fn other_text_is_kept() {
        assert_eq!("pear".parse(), Ok(Fruit::Unknown("pear".to_owned())));
        assert_eq!(String::from(Fruit::from("pear")), "pear");
    }

    #[test]
    fn a_value_compares_with_text_by_what_the_service_writes() {
        assert!(Fruit::Apple == "apple" && Fruit::Apple == *"apple" && Fruit::Apple != "pear");
        assert!(Fruit::Unknown("apple".to_owned()) == "apple");
    }
}
