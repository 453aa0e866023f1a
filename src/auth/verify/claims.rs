//! The claims of a verified token.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::subject::Subject;

/// The claims of a verified token (RFC 7519, section 4.1; RFC 9068, section 2.2).
///
/// A claim that no check needs and that is not of its usual type is kept in [`additional`](Self::additional).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TokenClaims {
    /// The issuer of the token (`iss`).
    pub issuer: Option<String>,
    /// The subject of the token (`sub`): the ARI of a principal in a project, or a DID.
    pub subject: Option<String>,
    /// The audience of the token (`aud`).
    pub audience: Vec<String>,
    /// Until when it is valid (`exp`).
    pub expires_at: SystemTime,
    /// From when on it is valid (`nbf`).
    pub not_before: Option<SystemTime>,
    /// When it was issued (`iat`).
    pub issued_at: Option<SystemTime>,
    /// The token's own identifier (`jti`).
    pub token_id: Option<String>,
    /// The client that it was issued to (`client_id`, RFC 8693, section 4.3).
    pub client_id: Option<String>,
    /// What was granted: the values of `scp`, a list, and of `scope`, a text (RFC 8693, section 4.2).
    pub scopes: Vec<String>,
    /// Who acts for the subject (`act`, RFC 8693, section 4.1).
    pub actor: Option<Actor>,
    /// All other claims, by their names.
    pub additional: Map<String, Value>,
}

/// Who acts for the subject of a token (RFC 8693, section 4.1).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Actor {
    /// The actor (`sub`).
    pub subject: Option<String>,
}

impl TokenClaims {
    /// Claims of a token that is valid until `expires_at` and has no other claims: for tests of code that receives claims. Set the
    /// other fields as needed.
    pub fn new(expires_at: SystemTime) -> Self {
        Self {
            issuer: None,
            subject: None,
            audience: Vec::new(),
            expires_at,
            not_before: None,
            issued_at: None,
            token_id: None,
            client_id: None,
            scopes: Vec::new(),
            actor: None,
            additional: Map::new(),
        }
    }

    /// The project that a project token is for, from the ARI in `sub`: `ari:iam::<project>:token/<id>/client/<id>`.
    pub fn project_id(&self) -> Option<&str> {
        Subject::read(self.subject.as_deref()?).project_id()
    }

    /// The principal that a project token was issued to, from the ARI in `sub`: `token/<id>` or `user/<id>`.
    pub fn principal(&self) -> Option<&str> {
        Subject::read(self.subject.as_deref()?).principal()
    }

    /// Whether `scope` is among the values of `scp` and `scope`.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// Reads the claims; `None` when a claim that a check needs is not what RFC 7519 says, or `exp` is missing.
    pub(super) fn read(mut claims: Map<String, Value>) -> Option<Self> {
        let mut read = Self::new(date(claims.remove("exp").as_ref()?)?);
        read.not_before = optional(claims.remove("nbf"), date)?;
        read.issued_at = optional(claims.remove("iat"), date)?;
        read.issuer = optional(claims.remove("iss"), text)?;
        read.subject = optional(claims.remove("sub"), text)?;
        read.audience = optional(claims.remove("aud"), |value| match value {
            Value::Array(values) => values.iter().map(text).collect(),
            value => text(value).map(|value| vec![value]),
        })?
        .unwrap_or_default();
        // Whether somebody acts for the subject is checked; who that is, is not.
        read.actor = claims
            .get("act")
            .filter(|value| !value.is_null())
            .map(|actor| Actor { subject: actor.get("sub").and_then(text) });
        take(&mut claims, "act", |_| read.actor.as_ref().and_then(|actor| actor.subject.clone()));
        read.token_id = take(&mut claims, "jti", text);
        read.client_id = take(&mut claims, "client_id", text);
        let list = take(&mut claims, "scp", |value| match value {
            Value::Array(values) => values.iter().map(text).collect::<Option<Vec<_>>>(),
            value => text(value).map(|values| words(&values)),
        });
        let words = take(&mut claims, "scope", |value| text(value).map(|values| words(&values)));
        read.scopes = list.into_iter().chain(words).flatten().collect();
        read.additional = claims;
        Some(read)
    }
}

/// Takes a claim out, or leaves it where it is when it is of another type.
fn take<T>(claims: &mut Map<String, Value>, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
    let value = read(claims.get(name)?)?;
    claims.remove(name);
    Some(value)
}

/// A claim that may be missing or null, but not of another type.
fn optional<T>(value: Option<Value>, read: impl FnOnce(&Value) -> Option<T>) -> Option<Option<T>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(value) => read(&value).map(Some),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn words(values: &str) -> Vec<String> {
    values.split_ascii_whitespace().map(str::to_owned).collect()
}

/// A `NumericDate` (RFC 7519, section 2): seconds since the Unix epoch, with or without a fraction. One that the clock cannot express
/// is not a date.
fn date(value: &Value) -> Option<SystemTime> {
    let seconds = value.as_f64()?;
    match Duration::try_from_secs_f64(seconds.abs()) {
        Ok(distance) if seconds >= 0.0 => UNIX_EPOCH.checked_add(distance),
        Ok(distance) => UNIX_EPOCH.checked_sub(distance),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use serde_json::{Map, Value, json};

    use super::TokenClaims;

    fn read(claims: Value) -> Option<TokenClaims> {
        let claims: Map<String, Value> = serde_json::from_value(claims).unwrap();
        TokenClaims::read(claims)
    }

    #[test]
    fn scopes_are_read_from_a_list_and_from_a_text() {
        let claims = read(json!({"exp": 1, "scp": ["a", "b"], "scope": "c d"})).unwrap();
        assert_eq!(claims.scopes, ["a", "b", "c", "d"]);
        assert!(claims.has_scope("d") && !claims.has_scope("c d"));
    }

    #[test]
    fn a_claim_that_no_check_needs_is_kept_whatever_it_is() {
        let odd = json!({"exp": 1.5, "jti": 7, "client_id": [], "scp": {}, "scope": 1, "act": 3, "x": null});
        let claims = read(odd).unwrap();
        assert_eq!(claims.expires_at, UNIX_EPOCH + Duration::from_millis(1500));
        let names: Vec<_> = claims.additional.keys().collect();
        assert_eq!(names, ["act", "client_id", "jti", "scope", "scp", "x"]);
        assert!(claims.actor.is_some(), "somebody acts, whoever it is");
    }

    #[test]
    fn a_claim_that_a_check_needs_must_be_what_the_rfc_says() {
        for odd in [
            json!({}),
            json!({"exp": "1"}),
            json!({"exp": 1e300}),
            json!({"exp": 1, "nbf": "1"}),
            json!({"exp": 1, "iat": []}),
            json!({"exp": 1, "iss": 1}),
            json!({"exp": 1, "sub": ["a"]}),
            json!({"exp": 1, "aud": [1]}),
        ] {
            assert!(read(odd.clone()).is_none(), "{odd}");
        }
    }
}
