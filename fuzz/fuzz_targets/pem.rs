//! Reading private keys in PEM.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| affinidi_tdk_iam_client_fuzz::pem::check(input));
