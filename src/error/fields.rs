//! Reading the body of an error: what is understood, without building the rest.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::ERROR_BODY_LIMIT;
use crate::support::json::without_byte_order_mark;

const TEXTS: [&str; 7] = ["name", "error", "message", "error_description", "code", "traceId", "debugId"];
const DETAIL_TEXTS: [&str; 4] = ["issue", "field", "value", "location"];
const MOST_DETAILS: usize = 100;

/// A text may repeat what was sent.
type Text = Option<Zeroizing<String>>;

type Detail = [Text; DETAIL_TEXTS.len()];

/// The fields of an error that are text, in the order of their names above; what is not text counts as absent.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) texts: [Text; TEXTS.len()],
    pub(super) details: Vec<Detail>,
}

impl Fields {
    /// Reads the fields up to the end, or to where the body stops being JSON: of a long body only the start is there.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut fields = Self::default();
        let body = without_byte_order_mark(body.get(..ERROR_BODY_LIMIT).unwrap_or(body));
        let object = Part::Error(&mut fields);
        // What was read before an error is all that there is to know.
        let _ = object.deserialize(&mut serde_json::Deserializer::from_slice(body));
        fields
    }
}

/// A part of the body, and where it goes. A part of another type is skipped.
enum Part<'a> {
    Error(&'a mut Fields),
    Details(&'a mut Vec<Detail>),
    Detail(&'a mut Detail),
    Text(&'a mut Text),
    Other,
}

impl Part<'_> {
    /// The field of this name in an object.
    fn field(&mut self, name: &str) -> Part<'_> {
        let (names, texts): (&[_], &mut [_]) = match self {
            Self::Error(Fields { details, .. }) if name == "details" => return Part::Details(details),
            Self::Error(Fields { texts, .. }) => (&TEXTS, texts),
            Self::Detail(texts) => (&DETAIL_TEXTS, *texts),
            Self::Details(_) | Self::Text(_) | Self::Other => return Part::Other,
        };
        let text = names.iter().zip(texts).find(|(known, _)| **known == name);
        text.map_or(Part::Other, |(_, text)| Part::Text(text))
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            // However deep it is nested.
            Self::Other => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
            part => deserializer.deserialize_any(part),
        }
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<(), A::Error> {
        while let Some(name) = object.next_key::<String>()? {
            object.next_value_seed(self.field(&name))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if let Self::Details(details) = self {
            while details.len() < MOST_DETAILS {
                let mut detail = Detail::default();
                if list.next_element_seed(Part::Detail(&mut detail))?.is_none() {
                    return Ok(());
                }
                details.push(detail);
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        if let Self::Text(text) = self {
            *text = Some(Zeroizing::new(value.to_owned()));
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
