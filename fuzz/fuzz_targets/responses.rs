//! Reading responses: status, headers, content coding and body.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| affinidi_tdk_iam_client_fuzz::responses::check(input));
