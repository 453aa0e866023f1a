//! Decoding every model.

use std::fmt::Debug;

use affinidi_tdk_iam_client::models;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[path = "../../tests/generated/models.rs"]
mod generated;
use self::generated::for_each_model;

/// What decodes as a model can be printed and written, and is written as JSON that decodes to the same.
///
/// `input` is the JSON. Every model tries to read it. What an object means that names a member twice nobody knows (RFC 8259,
/// section 4), so the same is only asked for once each name is there once.
pub fn check(input: &[u8]) {
    EVERY_MODEL.iter().for_each(|(read, _)| read(input));
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return };
    let input = value.to_string();
    EVERY_MODEL.iter().for_each(|(_, round_trip)| round_trip(input.as_bytes()));
}

fn read<T: DeserializeOwned + Serialize + Debug>(input: &[u8]) {
    let Ok(model) = serde_json::from_slice::<T>(input) else { return };
    assert!(!format!("{model:?}").is_empty());
    assert!(serde_json::to_vec(&model).is_ok());
}

fn round_trip<T: DeserializeOwned + Serialize + PartialEq + Debug>(input: &[u8]) {
    let Ok(model) = serde_json::from_slice::<T>(input) else { return };
    let written = serde_json::to_vec(&model).expect("a model can be written");
    let again: T = serde_json::from_slice(&written).expect("what a model writes it reads");
    assert_eq!(again, model);
}

macro_rules! table {
    ($($name:ident $schema:literal,)+) => {
        const EVERY_MODEL: &[(fn(&[u8]), fn(&[u8]))] =
            &[$((read::<models::$name>, round_trip::<models::$name>)),+];

        /// What they are called.
        pub const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}
for_each_model!(table);
