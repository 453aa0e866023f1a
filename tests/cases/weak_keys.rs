//! Keys of a key set that are too weak to verify anything.

use std::time::Duration;

use affinidi_tdk_iam_client::auth::{Algorithm, TokenRejection};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::*;

/// What a verifier that has the weak key and a good one says to the token.
async fn rejection(weak: &Value, algorithm: Algorithm, token: &str) -> Option<TokenRejection> {
    let service = key_service(json!({"keys": [weak, Issuer::new().jwk("1")]}));
    let verifier =
        verifier(&service).algorithms([algorithm]).refetch_interval(Duration::MAX).build().unwrap();
    verifier.verify(token).await.err().and_then(|error| error.rejection())
}

/// The y coordinates of the points of Ed25519 whose order divides 8, little-endian: 0, 1, -1, the two of order 8, and 0 and 1 again as
/// the prime and its successor.
fn small_order() -> Vec<[u8; 32]> {
    let [mut one, mut minus_one, mut prime, mut successor] = [[0; 32], [255; 32], [255; 32], [255; 32]];
    one[0] = 1;
    for (y, first) in [(&mut minus_one, 0xec), (&mut prime, 0xed), (&mut successor, 0xee)] {
        (y[0], y[31]) = (first, 0x7f);
    }
    let order_8 = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ];
    // The prime minus the other one: they differ from 2^255 - 1 bit by bit, and from each other by 19 - 1.
    let mut negated = order_8.map(|byte| !byte);
    negated[31] &= 0x7f;
    negated[0] -= 18;
    vec![[0; 32], one, minus_one, prime, successor, order_8, negated]
}

// Tried: Ed25519 keys of small order, and tokens "signed" without any private key: `R` is the identity and `S` is 0, which verifies
// under such a key for one message in eight or more.
// Expected: every token is rejected, because no such key is taken from the key set.
#[tokio::test]
async fn no_token_is_forged_under_a_key_of_small_order() {
    let mut identity = [0; 64];
    identity[0] = 1;
    for y in small_order() {
        for sign in [0, 0x80] {
            let mut x = y;
            x[31] |= sign;
            let weak = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "weak", "x": encode(x)});
            for jti in 0..32 {
                let header = encode(json!({"alg": "EdDSA", "kid": "weak"}).to_string());
                let mut claims = claims();
                claims["jti"] = json!(jti.to_string());
                let token = format!("{header}.{}.{}", encode(claims.to_string()), encode(identity));
                assert_eq!(
                    rejection(&weak, Algorithm::EdDsa, &token).await,
                    Some(TokenRejection::Key),
                    "{weak}"
                );
            }
        }
    }
}

// Tried: tokens that RSA keys of 1024 and of 2047 bits signed (`refused-rsa-….pem` of tests/auth/keys, by OpenSSL).
// Expected: rejected, because such a key is not taken from the key set (RFC 7518, section 3.3).
#[tokio::test]
async fn an_rsa_key_below_2048_bits_verifies_nothing() {
    for (n, signature) in RSA {
        // Zeros before the modulus make it longer and not stronger.
        let padded = encode([vec![0; 200], URL_SAFE_NO_PAD.decode(n).unwrap()].concat());
        let claims = r#"{"iss":"https://i.example","aud":"https://a.example","sub":"ari:iam::p:token/t","exp":4102444800}"#;
        let token = format!("{}.{}.{signature}", encode(r#"{"alg":"RS256","kid":"weak"}"#), encode(claims));
        for n in [n, &padded] {
            let weak = json!({"kty": "RSA", "alg": "RS256", "kid": "weak", "e": "AQAB", "n": n});
            assert_eq!(rejection(&weak, Algorithm::Rs256, &token).await, Some(TokenRejection::Key));
        }
    }
}

/// Modulus and signature.
const RSA: [(&str, &str); 2] = [
    (
        "zCw9DkHSERR4JHcBl6HusoUoIUThZOLTttK-p2C9yZCwgVCfqXi4vBK_rf6cBu9QbjPS0lBDa_br7I6opArryqdNDYIPb2QlOHn41GHBr\
         I1W1Sallul101uwTdYd9r_rRY0rjOLkGscYp8xMX4lNfhZKdw4liVijkZ_ISvy8iek",
        "h6j9dywE7dcz78s9eMGCroobRtnp6MBFOfvf4ywE_qOgFicoNKKuTae5f4Ck9hfGYYOwHP94c2OsQE59oT1zcpMLO1GmC2arz1yPfiRon\
         I1K84IJPxHf6ps0GYKEZ-n1b-a-IkbeiAQDxn91ijJ62oJhDX_r7UM38xXo0iemp00",
    ),
    (
        "WK-C_q-yuiP50jYlOjA4lshlaZqXfWbsExLlWNLug7Vzlg9lWOd960PA5xj4eY_kPhXo4R0LwKzbScWvGfGeXUxRvR1wmfmx8lhkTopPb\
         cEjQ8jHkaiPe7XJf5ZdFzNeI0YypH26ioFC0p4ZP1hLYVCXKUeSjXRVZmoVmd1O6OCvl8TSNq7kCgNPrG31p-VRb25U8lTtTj1quQCLzV\
         56a0qrU0bLl_c39XZyDYAXy6z3ME9eKpru0pPr2I-62IBai5E8z12Z_OtXe9zeWhr2zk42acmCmm1mvhulnpWZUQjmdajTS4ViYjQhcZW\
         Gbjbjrdmin2_4aYQQxpSPnoks-Q",
        "OBJuOdO0STXOlPo0HkDm4bjsmxBkZt-7VGW1z787K7tI8k5wyTzXba7HhFs60O7-xi7LFcfdD1ZVA7FvvNYtPpQ5FmA4lYRvLIjncI7Oi\
         jlAFclHoOJvTN7-IeN8DP1RVFawVG-U70QQVwPBVY0UhP_qwX9We4vDb1zUwlp1b3fbLtnBzHXzX_bpAyZ4Xvk9G6eeSQcK0x67VI3Evj\
         MQ0f83rwtTO5Qn2T0wavtPchS9OVarQDgPiYDZdHlkMa45RKyjCcGOZ9Ryc4GbxaRZ4VDrMwOl_snlFXL_YDeJRM27_Hg4qX6_omu78gf\
         luZQ-xWnaa2-Lvdy1t8V9fcR7Ug",
    ),
];
