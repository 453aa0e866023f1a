//! Decoding every model.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| affinidi_tdk_iam_client_fuzz::models::check(input));
