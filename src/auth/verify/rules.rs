//! What a token must be besides signed.

use std::time::{Duration, SystemTime};

use super::claims::TokenClaims;
use super::subject::Subject;
use crate::auth::signing::Algorithm;
use crate::error::{Error, TokenRejection};

/// What a token must be.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) issuers: Accepted,
    pub(super) audiences: Accepted,
    pub(super) subjects: Subjects,
    pub(super) leeway: Duration,
}

/// Which values of a claim are accepted.
#[derive(Clone, Debug, Default)]
pub(super) enum Accepted {
    /// The service's own.
    #[default]
    Default,
    Any,
    OneOf(Vec<String>),
}

/// For whom tokens are accepted, which says of which kind they must be.
#[derive(Clone, Debug, Default)]
pub(super) enum Subjects {
    #[default]
    Unset,
    /// Project tokens of these projects.
    Projects(Vec<String>),
    /// Project tokens of any project of any customer of the service.
    AnyProject,
    /// Consumer tokens.
    Consumers { delegated: bool },
}

impl Rules {
    /// Checks the `typ` of the header: tokens of other kinds that the same keys sign name their own (RFC 8725, section 3.11).
    pub(super) fn check_type(kind: Option<&str>) -> Result<(), Error> {
        let known = ["jwt", "at+jwt", "application/at+jwt"];
        match kind {
            Some(kind) if !known.contains(&kind.to_ascii_lowercase().as_str()) => {
                Err(reject(TokenRejection::Type, "the token's `typ` is that of another kind of token"))
            }
            _ => Ok(()),
        }
    }

    /// Checks the claims of a token whose signature verified, at the date `now`.
    pub(super) fn check(&self, claims: &TokenClaims, now: SystemTime) -> Result<(), Error> {
        self.check_times(claims, now)?;
        if !self.issuers.accepts(claims.issuer.as_slice()) {
            return Err(reject(TokenRejection::Issuer, "the token is from another issuer"));
        }
        self.check_kind(claims)?;
        if !self.audiences.accepts(&claims.audience) {
            return Err(reject(TokenRejection::Audience, "the token is for another audience"));
        }
        Ok(())
    }

    fn check_times(&self, claims: &TokenClaims, now: SystemTime) -> Result<(), Error> {
        let later = now.checked_add(self.leeway).unwrap_or(now);
        let earlier = now.checked_sub(self.leeway).unwrap_or(now);
        if claims.expires_at <= earlier {
            return Err(reject(TokenRejection::Expiration, "the token has expired"));
        }
        if claims.not_before.is_some_and(|not_before| not_before > later) {
            return Err(reject(TokenRejection::NotBefore, "the token is not valid yet"));
        }
        if claims.issued_at.is_some_and(|issued_at| issued_at > later) {
            return Err(reject(
                TokenRejection::IssuedAt,
                "the token was issued in the future: check the clocks",
            ));
        }
        Ok(())
    }

    /// Tells the kinds of tokens apart by what only they have (RFC 8725, section 3.12).
    fn check_kind(&self, claims: &TokenClaims) -> Result<(), Error> {
        // OpenID Connect Core 1.0, sections 2 and 3.3.2.11.
        if ["nonce", "at_hash", "c_hash"].iter().any(|name| claims.additional.contains_key(*name)) {
            return Err(reject(TokenRejection::IdToken, "the token is an ID token, not an access token"));
        }
        let subject = Subject::read(claims.subject.as_deref().unwrap_or_default());
        match (&self.subjects, subject) {
            (Subjects::Consumers { delegated }, Subject::Did) => {
                if claims.actor.is_some() && !delegated {
                    return Err(reject(
                        TokenRejection::Delegated,
                        "the token is delegated (`act`), and only the subject's own tokens are accepted",
                    ));
                }
                Ok(())
            }
            (Subjects::Consumers { .. }, Subject::InProject { .. }) => Err(reject(
                TokenRejection::ProjectToken,
                "the token is a project token, not a consumer token",
            )),
            (_, Subject::Other) => Err(reject(
                TokenRejection::UserToken,
                "the token is a user token: its subject is neither a principal in a project nor a DID",
            )),
            (_, Subject::Did) => Err(reject(
                TokenRejection::ConsumerToken,
                "the token is a consumer token, not a project token",
            )),
            (_, Subject::InProject { .. }) if claims.actor.is_some() => {
                Err(reject(TokenRejection::Delegated, "the token is delegated (`act`)"))
            }
            (Subjects::Projects(projects), Subject::InProject { project_id, .. })
                if !projects.iter().any(|project| project == project_id) =>
            {
                Err(reject(TokenRejection::Project, "the token is for another project"))
            }
            (Subjects::Projects(_) | Subjects::AnyProject, Subject::InProject { .. }) => Ok(()),
            // `build` does not let this be.
            (Subjects::Unset, Subject::InProject { .. }) => {
                Err(reject(TokenRejection::Project, "the token is for another project"))
            }
        }
    }
}

impl Accepted {
    fn accepts(&self, values: &[String]) -> bool {
        match self {
            Self::Default => false,
            Self::Any => true,
            Self::OneOf(accepted) => values.iter().any(|value| accepted.contains(value)),
        }
    }

    pub(super) fn add(&mut self, value: &str) {
        match self {
            Self::OneOf(accepted) => accepted.push(value.to_owned()),
            Self::Default | Self::Any => *self = Self::OneOf(vec![value.to_owned()]),
        }
    }

    /// The same, with `value` in place of the default.
    pub(super) fn or(self, value: &str) -> Self {
        match self {
            Self::Default => Self::OneOf(vec![value.to_owned()]),
            other => other,
        }
    }
}

fn reject(rejection: TokenRejection, why: &'static str) -> Error {
    Error::token_rejected(rejection, why)
}
