//! The private keys under `keys/`, made by OpenSSL, OpenSSH and Java.

use affinidi_tdk_iam_client::auth::{
    DidKeySigner, DidSigner, PersonalAccessToken, PersonalAccessTokenBuilder,
};
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::FutureExt as _;
use serde_json::{Value, json};

pub const PASSPHRASE: &str = "opensesame";
pub const RSA: &str = include_str!("keys/rsa.pem");
pub const P256: &str = include_str!("keys/p256.pem");
pub const P521: &str = include_str!("keys/p521.pem");
pub const SECP256K1: &str = include_str!("keys/secp256k1.pem");
pub const ED25519: &str = include_str!("keys/ed25519.pem");

/// The four algorithms of personal access tokens, each with a key.
pub const ALGORITHMS: [(&str, &str); 4] = [("RS256", RSA), ("RS512", RSA), ("ES256", P256), ("ES512", P521)];

/// The public JSON Web Key of an unencrypted PKCS#8 key.
pub fn public_jwk(pem: &str, algorithm: &str, kid: &str) -> Value {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).unwrap();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let curve = match algorithm {
        "ES256" => Some((&ECDSA_P256_SHA256_FIXED_SIGNING, "P-256")),
        "ES512" => Some((&ECDSA_P521_SHA512_FIXED_SIGNING, "P-521")),
        _ => None,
    };
    match curve {
        Some((curve, name)) => {
            let pair = EcdsaKeyPair::from_pkcs8(curve, &der).unwrap();
            let point = &pair.public_key().as_ref()[1..];
            let (x, y) = point.split_at(point.len() / 2);
            json!({ "kid": kid, "kty": "EC", "crv": name, "x": text(x), "y": text(y), "alg": algorithm, "use": "sig" })
        }
        None => {
            // RFC 8017, appendix A.1.1: a sequence of n, here of 2048 bits, and e, here 65537.
            let pair = rsa::KeyPair::from_pkcs8(&der).unwrap();
            let key = pair.public_key().as_ref();
            let (n, e) = (&key[9..265], &key[267..]);
            json!({ "kid": kid, "kty": "RSA", "n": text(n), "e": text(e), "alg": algorithm, "use": "sig" })
        }
    }
}

fn builder(pem: &str) -> PersonalAccessTokenBuilder {
    PersonalAccessToken::builder()
        .token_id("t")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .private_key_pem(pem)
}

/// What the key signs, told by the header of a token.
fn algorithm(builder: PersonalAccessTokenBuilder) -> String {
    let credential = builder.build().unwrap();
    let iota = credential.iota_token("c", "did:key:z1", None).now_or_never().unwrap().unwrap();
    let header = iota.token.secret().split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    header["alg"].as_str().unwrap().to_owned()
}

fn refusal(builder: PersonalAccessTokenBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert!(error.is_configuration());
    error.to_string()
}

#[test]
fn the_algorithm_follows_the_type_of_the_key_in_every_encoding() {
    for (pem, expected) in [
        (RSA, "RS256"),
        (P256, "ES256"),
        (P521, "ES512"),
        (include_str!("keys/rsa-pkcs1.pem"), "RS256"),
        (include_str!("keys/p256-sec1.pem"), "ES256"),
        (include_str!("keys/p521-sec1.pem"), "ES512"),
    ] {
        assert_eq!(algorithm(builder(pem)), expected, "{pem}");
        // A passphrase that nothing needs does no harm.
        assert_eq!(algorithm(builder(pem).passphrase("unused")), expected);
    }
}

#[test]
fn the_key_decides_and_not_the_label_around_it() {
    let (pkcs1, sec1) = (include_str!("keys/rsa-pkcs1.pem"), include_str!("keys/p521-sec1.pem"));
    for (pem, expected) in [
        (pkcs1.replace("RSA PRIVATE", "PRIVATE"), "RS256"),
        (sec1.replace("EC PRIVATE", "PRIVATE"), "ES512"),
        (RSA.replace("PRIVATE", "RSA PRIVATE"), "RS256"),
        (P256.replace("PRIVATE", "EC PRIVATE"), "ES256"),
    ] {
        assert_eq!(algorithm(builder(&pem)), expected, "{pem}");
    }
}

#[test]
fn a_key_in_the_form_of_another_tool_is_the_same_key() {
    let [openssl, ring] =
        [ED25519, include_str!("keys/ed25519-ring.pem")].map(|pem| DidKeySigner::from_pem(pem).unwrap());
    assert_eq!(openssl.did(), ring.did());
}

#[test]
fn encrypted_keys_open_with_their_passphrase_and_say_so_when_they_do_not() {
    for (pem, expected) in [
        (include_str!("keys/rsa-pbkdf2-sha256-aes256.pem"), "RS256"),
        (include_str!("keys/p256-pbkdf2-sha1-aes128.pem"), "ES256"),
        (include_str!("keys/p256-pbkdf2-sha512-aes192.pem"), "ES256"),
        (include_str!("keys/p521-scrypt-aes256.pem"), "ES512"),
        (include_str!("keys/p256-java-pkcs12.pem"), "ES256"),
    ] {
        assert_eq!(algorithm(builder(pem).passphrase(PASSPHRASE)), expected);
        assert!(refusal(builder(pem)).contains("the passphrase is not set"));
        assert!(refusal(builder(pem).passphrase("")).contains("the passphrase is not set"));
        assert!(refusal(builder(pem).passphrase("Opensesame")).contains("does not open"));
    }
}

#[test]
fn a_passphrase_opens_the_key_with_what_a_file_or_a_variable_leaves_around_it() {
    let pem = include_str!("keys/p256-pbkdf2-sha512-aes192.pem");
    for (before, after) in [("", "\n"), ("", "\r\n"), ("", " "), ("\"", "\""), ("'", "'\n"), ("\u{feff}", "")]
    {
        let passphrase = format!("{before}{PASSPHRASE}{after}");
        assert_eq!(algorithm(builder(pem).passphrase(passphrase)), "ES256", "{before:?} {after:?}");
    }
    assert!(refusal(builder(pem).passphrase(format!("{PASSPHRASE} x"))).contains("does not open"));
}

#[test]
fn keys_survive_their_way_through_environment_variables() {
    let spellings: [fn(&str) -> String; 9] = [
        |pem| pem.replace('\n', "\r\n"),
        |pem| pem.replace('\n', "\\n"),
        |pem| pem.replace('\n', "\\r\\n"),
        |pem| pem.replace('\n', "\\\\n"),
        |pem| format!("\u{feff}{}", pem.replace('\n', "\\\n")),
        |pem| format!("\"{}\"", pem.replace('\n', "\\n")),
        |pem| format!("  '{pem}'\n\n"),
        |pem| pem.replace('\n', " "),
        |pem| pem.lines().map(|line| format!("    {line}\n")).collect(),
    ];
    let keys = [
        (RSA, "RS256"),
        (include_str!("keys/rsa-pbkdf2-sha256-aes256.pem"), "RS256"),
        (include_str!("keys/p256-sec1.pem"), "ES256"),
    ];
    for (pem, expected) in keys {
        for spelling in spellings {
            assert_eq!(algorithm(builder(&spelling(pem)).passphrase(PASSPHRASE)), expected);
        }
    }
}

#[test]
fn each_key_that_cannot_be_used_has_its_own_error() {
    for (pem, expected) in [
        (include_str!("keys/refused-rsa-1024.pem"), "too short"),
        (include_str!("keys/refused-rsa-2047.pem"), "too short"),
        (include_str!("keys/refused-rsa-three-primes.pem"), "more than two primes"),
        (include_str!("keys/refused-rsa-pss.pem"), "RSASSA-PSS only"),
        (include_str!("keys/refused-p384.pem"), "another curve"),
        (include_str!("keys/refused-p256-explicit.pem"), "-ec_param_enc named_curve"),
        (include_str!("keys/refused-x25519.pem"), "of a type that is not supported"),
        (include_str!("keys/refused-public.pem"), "public key"),
        (include_str!("keys/refused-openssh.pem"), "ssh-keygen -p -m PKCS8"),
        (include_str!("keys/refused-old-encryption.pem"), "old form of OpenSSL"),
        (include_str!("keys/refused-pbes2-des3.pem"), "openssl pkcs8 -topk8 -v2 aes-256-cbc"),
        (include_str!("keys/refused-pbes1.pem"), "openssl pkcs8 -topk8 -v2 aes-256-cbc"),
        (SECP256K1, "ES256K"),
        (ED25519, "EdDSA"),
        ("", "not a PEM-encoded"),
        ("-----BEGIN PRIVATE KEY-----\n%%%%\n-----END PRIVATE KEY-----", "not base64"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "damaged"),
        ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "damaged"),
        ("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", "damaged"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "damaged"),
    ] {
        let refusal = refusal(builder(pem).passphrase(PASSPHRASE));
        assert!(refusal.contains(expected), "{expected}: {refusal}");
    }
}

#[test]
fn a_text_that_is_not_pem_is_told_by_its_looks() {
    let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
    let body: String = P256.lines().filter(|line| !line.starts_with('-')).collect();
    let jwk = json!({ "kty": "EC", "crv": "P-256", "d": "c2VjcmV0" }).to_string();
    for (text, expected) in [
        ("/run/secrets/key.pem", "the name of a file"),
        ("~/key", "the name of a file"),
        ("'C:\\keys\\key.pem'", "the name of a file"),
        ("key.pem\n", "the name of a file"),
        (&base64(P256.as_bytes()), "base64 -d"),
        (&format!("\"{}\"", base64(P256.as_bytes())), "base64 -d"),
        (&body, "openssl pkey -inform DER"),
        ("-----BEGIN PRIVATE KEY-----", "last line"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQ", "last line"),
        (&P256.replace("-----END ", "-----END RSA "), "last line"),
        ("-----BEGIN EC PARAMETERS-----\nAAAA\n-----END EC PARAMETERS-----", "none of its blocks"),
        ("-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN EC PRIVATE KEY-----", "last line"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "puttygen"),
        (&jwk, "private_key_jwk"),
        ("hunter2", "all of the file"),
    ] {
        let refusal = refusal(builder(text));
        assert!(refusal.contains("not a PEM-encoded") && refusal.contains(expected), "{text}: {refusal}");
        assert!(!refusal.contains("hunter2") && !refusal.contains("c2VjcmV0"), "{refusal}");
    }
}

#[test]
fn an_encryption_that_costs_too_much_to_open_is_refused_before_it_is_opened() {
    // Inputs of the fuzz target: a character for the passphrase, and the PEM.
    for input in [
        include_str!("../../fuzz/corpus/pem/hostile-iterations"),
        include_str!("../../fuzz/corpus/pem/hostile-iterations-100-million"),
        include_str!("../../fuzz/corpus/pem/hostile-scrypt-memory"),
        include_str!("../../fuzz/corpus/pem/hostile-scrypt-blocks"),
        include_str!("../../fuzz/corpus/pem/hostile-scrypt-parallel"),
        include_str!("../../fuzz/corpus/pem/scrypt-overflow"),
        include_str!("../../fuzz/corpus/pem/scrypt-none"),
    ] {
        let refusal = refusal(builder(&input[1..]).passphrase(PASSPHRASE));
        assert!(refusal.contains("costs too much"), "{refusal}");
    }
}

#[test]
fn an_algorithm_that_does_not_fit_the_key_is_refused() {
    assert_eq!(algorithm(builder(RSA).algorithm("RS512")), "RS512");
    assert_eq!(algorithm(builder(P256).algorithm("ES256")), "ES256");
    for (pem, algorithm) in
        [(RSA, "ES256"), (P256, "ES512"), (P521, "ES256"), (P256, "RS256"), (RSA, "HS256"), (RSA, "none")]
    {
        let refusal = refusal(builder(pem).algorithm(algorithm));
        assert!(refusal.contains(algorithm), "{refusal}");
    }
}

#[test]
fn a_token_without_id_or_key_is_refused() {
    assert!(refusal(PersonalAccessToken::builder().private_key_pem(P256)).contains("TOKEN_ID"));
    assert!(refusal(PersonalAccessToken::builder().token_id("").private_key_pem(P256)).contains("TOKEN_ID"));
    assert!(refusal(PersonalAccessToken::builder().token_id("t")).contains("PRIVATE_KEY"));
}
