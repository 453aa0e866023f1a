//! The kinds of subjects that tokens of the service have.

/// The subject of a token (`sub`), which tells its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject<'a> {
    /// A principal in a project: `ari:iam::<project>:token/<id>`, in tokens followed by `/client/<id>`.
    InProject { project_id: &'a str, principal: &'a str },
    /// A consumer.
    Did,
    /// A principal outside of projects, or anything else.
    Other,
}

impl<'a> Subject<'a> {
    pub(super) fn read(subject: &'a str) -> Self {
        if subject.starts_with("did:") {
            return Self::Did;
        }
        let parts = subject.strip_prefix("ari:iam::").and_then(|rest| rest.split_once(':'));
        match parts {
            Some((project_id, resource)) if !project_id.is_empty() => match principal(resource) {
                Some(principal) => Self::InProject { project_id, principal },
                None => Self::Other,
            },
            _ => Self::Other,
        }
    }

    pub(super) fn project_id(self) -> Option<&'a str> {
        match self {
            Self::InProject { project_id, .. } => Some(project_id),
            Self::Did | Self::Other => None,
        }
    }

    pub(super) fn principal(self) -> Option<&'a str> {
        match self {
            Self::InProject { principal, .. } => Some(principal),
            Self::Did | Self::Other => None,
        }
    }
}

/// `token/<id>` or `user/<id>`, alone or followed by `/client/<id>`.
fn principal(resource: &str) -> Option<&str> {
    let (kind, rest) = resource.split_once('/')?;
    let (id, client) = rest.split_once('/').map_or((rest, None), |(id, client)| (id, Some(client)));
    let fits = matches!(kind, "token" | "user")
        && !id.is_empty()
        && client.is_none_or(|client| {
            client.strip_prefix("client/").is_some_and(|id| !id.is_empty() && !id.contains('/'))
        });
    fits.then(|| resource.get(..kind.len() + 1 + id.len())).flatten()
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn a_principal_of_a_project_is_read_from_its_ari() {
        let subject = Subject::read("ari:iam::p-1:token/t-1/client/t-1");
        assert_eq!((subject.project_id(), subject.principal()), (Some("p-1"), Some("token/t-1")));
        let subject = Subject::read("ari:iam::p-1:user/u-1");
        assert_eq!((subject.project_id(), subject.principal()), (Some("p-1"), Some("user/u-1")));
    }

    #[test]
    fn what_is_not_such_an_ari_has_neither_project_nor_principal() {
        for other in [
            "",
            "u-1",
            "ari:iam:::user/u-1",
            "ari:iam::p-1",
            "ari:iam::p-1:wallet/w-1",
            "ari:iam::p-1:token/",
            "ari:iam::p-1:token",
            "ari:iam::p-1:token/t-1/",
            "ari:iam::p-1:token/t-1/client/",
            "ari:iam::p-1:token/t-1/client/t-1/more",
            "ari:identity::p-1:token/t-1",
            "xari:iam::p-1:token/t-1",
        ] {
            assert_eq!(Subject::read(other), Subject::Other, "{other}");
        }
        assert_eq!(Subject::read("did:key:z1"), Subject::Did);
    }
}
