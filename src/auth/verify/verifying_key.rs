//! A public key and the one algorithm that it verifies.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256K1_SHA256_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    VerificationAlgorithm,
};

use crate::auth::signing::Algorithm;
use crate::auth::token::jwt;
use crate::models::JsonWebKeyDto;

/// The key decides how a signature is verified, never the token (RFC 8725, section 3.1).
pub(super) struct VerifyingKey {
    pub(super) id: String,
    pub(super) algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// `None` when the key is not for signatures of an algorithm that is known here, or its fields do not fit.
    pub(super) fn from_jwk(jwk: &JsonWebKeyDto) -> Option<Self> {
        let algorithm = jwk.alg.parse().ok().filter(|_| jwk.r#use == "sig")?;
        let key = match algorithm {
            Algorithm::Rs256 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA256),
            Algorithm::Rs512 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA512),
            Algorithm::Es256 => point(jwk, "P-256", 32, &ECDSA_P256_SHA256_FIXED),
            Algorithm::Es512 => point(jwk, "P-521", 66, &ECDSA_P521_SHA512_FIXED),
            Algorithm::Es256k => point(jwk, "secp256k1", 32, &ECDSA_P256K1_SHA256_FIXED),
            Algorithm::EdDsa => octets(jwk),
        }?;
        Some(Self { id: jwk.kid.clone(), algorithm, key })
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

/// RFC 7518, section 6.3.1.
fn rsa(jwk: &JsonWebKeyDto, parameters: &'static RsaParameters) -> Option<ParsedPublicKey> {
    let n = field(jwk.n.as_deref())?;
    let e = field(jwk.e.as_deref())?;
    (jwk.kty == "RSA").then_some(())?;
    RsaPublicKeyComponents { n: &n, e: &e }.to_parsed_public_key(parameters).ok()
}

/// RFC 7518, section 6.2.1: both coordinates have the full size of the field.
fn point(
    jwk: &JsonWebKeyDto,
    curve: &str,
    size: usize,
    algorithm: &'static dyn VerificationAlgorithm,
) -> Option<ParsedPublicKey> {
    let x = field(jwk.x.as_deref())?;
    let y = field(jwk.y.as_deref())?;
    (jwk.kty == "EC" && jwk.crv.as_deref() == Some(curve) && x.len() == size && y.len() == size)
        .then_some(())?;
    ParsedPublicKey::new(algorithm, [&[4], x.as_slice(), &y].concat()).ok()
}

/// RFC 8037, section 2.
fn octets(jwk: &JsonWebKeyDto) -> Option<ParsedPublicKey> {
    let x = field(jwk.x.as_deref())?;
    (jwk.kty == "OKP" && jwk.crv.as_deref() == Some("Ed25519") && x.len() == 32).then_some(())?;
    ParsedPublicKey::new(&ED25519, x).ok()
}

fn field(text: Option<&str>) -> Option<Vec<u8>> {
    jwt::from_base64url(text?)
}
