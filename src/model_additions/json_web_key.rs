//! Public keys whose fields fit each other.

use crate::error::Error;
use crate::models::{JsonWebKeyDto, SigningAlgorithm};

/// What RFC 7518, section 3.3, demands of an RSA key: 2048 bits, in base64url.
const SHORTEST_MODULUS: usize = 342;

impl JsonWebKeyDto {
    /// A public elliptic curve key, to verify signatures with (RFC 7518, section 6.2.1). The algorithm determines the curve: P-256 for
    /// ES256, P-521 for ES512. The coordinates are in base64url without padding, in their full length.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::models::{JsonWebKeyDto, SigningAlgorithm};
    ///
    /// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
    /// let (x, y) = ("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
    /// let key = JsonWebKeyDto::ec("my-key", SigningAlgorithm::Es256, x, y)?;
    /// assert_eq!((key.kty.as_str(), key.crv.as_deref(), key.r#use.as_str()), ("EC", Some("P-256"), "sig"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], if the algorithm is not of elliptic curves, a coordinate does not have the length of the curve in
    /// base64url, or `kid` is empty. Whether the point is on the curve is not checked.
    pub fn ec(
        kid: impl Into<String>,
        algorithm: SigningAlgorithm,
        x: impl Into<String>,
        y: impl Into<String>,
    ) -> Result<Self, Error> {
        let (x, y) = (x.into(), y.into());
        // A coordinate has 32 or 66 bytes.
        let (curve, length) = match algorithm {
            SigningAlgorithm::Es256 => ("P-256", 43),
            SigningAlgorithm::Es512 => ("P-521", 88),
            _ => return Err(Error::invalid_input("an elliptic curve key signs with ES256 or ES512")),
        };
        if [&x, &y].iter().any(|coordinate| coordinate.len() != length || !is_base64url(coordinate)) {
            return Err(Error::invalid_input(format!(
                "each coordinate of a key on {curve} is {length} characters of base64url without padding"
            )));
        }
        Ok(Self { x: Some(x), y: Some(y), crv: Some(curve.into()), ..of_family("EC", kid, &algorithm)? })
    }

    /// A public RSA key, to verify signatures with RS256 or RS512 (RFC 7518, section 6.3.1). Modulus `n` and exponent `e` are in
    /// base64url without padding; `e` is usually `AQAB`.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::models::{JsonWebKeyDto, SigningAlgorithm};
    ///
    /// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
    /// # let n = "u".repeat(342);
    /// let key = JsonWebKeyDto::rsa("my-key", SigningAlgorithm::Rs256, n, "AQAB")?;
    /// assert_eq!((key.kty.as_str(), key.alg.as_str(), key.r#use.as_str()), ("RSA", "RS256", "sig"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], if the algorithm is not of RSA, `n` has fewer than 2048 bits or not more than `e`, one of them is
    /// not base64url, or `kid` is empty.
    pub fn rsa(
        kid: impl Into<String>,
        algorithm: SigningAlgorithm,
        n: impl Into<String>,
        e: impl Into<String>,
    ) -> Result<Self, Error> {
        let (n, e) = (n.into(), e.into());
        if !matches!(algorithm, SigningAlgorithm::Rs256 | SigningAlgorithm::Rs512) {
            return Err(Error::invalid_input("an RSA key signs with RS256 or RS512"));
        }
        if n.len() < SHORTEST_MODULUS || e.len() >= n.len() || !is_base64url(&n) || !is_base64url(&e) {
            return Err(Error::invalid_input(
                "an RSA key has a modulus `n` of 2048 bits or more and a shorter exponent `e`, both base64url without padding",
            ));
        }
        Ok(Self { n: Some(n), e: Some(e), ..of_family("RSA", kid, &algorithm)? })
    }
}

fn of_family(
    family: &str,
    kid: impl Into<String>,
    algorithm: &SigningAlgorithm,
) -> Result<JsonWebKeyDto, Error> {
    let kid = kid.into();
    if kid.is_empty() {
        return Err(Error::invalid_input("a key needs an identifier: `kid` is empty"));
    }
    Ok(JsonWebKeyDto::new(kid, family, algorithm.as_str(), "sig"))
}

fn is_base64url(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
