// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// A public key as JSON Web Key (RFC 7517 section 4). RSA keys carry `n` and `e`; elliptic curve keys carry `crv`, `x` and `y`. Private fields are never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct JsonWebKeyDto {
    /// Identifier of the key; the `kid` header of a JWT refers to it (RFC 7517 section 4.5).
    pub kid: String,
    /// Family of the key, `RSA` or `EC` (RFC 7517 section 4.1).
    pub kty: String,
    /// Modulus of an RSA key, base64url without padding (RFC 7518 section 6.3.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// Public exponent of an RSA key, base64url without padding, usually `AQAB` (RFC 7518 section 6.3.1.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// X coordinate of an elliptic curve key, base64url without padding (RFC 7518 section 6.2.1.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Y coordinate of an elliptic curve key, base64url without padding (RFC 7518 section 6.2.1.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    /// Curve of an elliptic curve key, such as `P-256` or `P-521` (RFC 7518 section 6.2.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// Algorithm the key is used with, such as `RS256` or `ES256` (RFC 7517 section 4.4).
    pub alg: String,
    /// What the key is used for, `sig` for signatures (RFC 7517 section 4.2).
    pub r#use: String,
}

impl JsonWebKeyDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        kid: impl Into<String>,
        kty: impl Into<String>,
        alg: impl Into<String>,
        r#use: impl Into<String>,
    ) -> Self {
        Self {
            kid: kid.into(),
            kty: kty.into(),
            n: None,
            e: None,
            x: None,
            y: None,
            crv: None,
            alg: alg.into(),
            r#use: r#use.into(),
        }
    }

    /// Sets `n`.
    #[must_use]
    pub fn with_n(mut self, n: impl Into<String>) -> Self {
        self.n = Some(n.into());
        self
    }

    /// Sets `e`.
    #[must_use]
    pub fn with_e(mut self, e: impl Into<String>) -> Self {
        self.e = Some(e.into());
        self
    }

    /// Sets `x`.
    #[must_use]
    pub fn with_x(mut self, x: impl Into<String>) -> Self {
        self.x = Some(x.into());
        self
    }

    /// Sets `y`.
    #[must_use]
    pub fn with_y(mut self, y: impl Into<String>) -> Self {
        self.y = Some(y.into());
        self
    }

    /// Sets `crv`.
    #[must_use]
    pub fn with_crv(mut self, crv: impl Into<String>) -> Self {
        self.crv = Some(crv.into());
        self
    }
}

object!(JsonWebKeyDto closed {
    required kid = "kid",
    required kty = "kty",
    optional n = "n",
    optional e = "e",
    optional x = "x",
    optional y = "y",
    optional crv = "crv",
    required alg = "alg",
    required r#use = "use",
});
