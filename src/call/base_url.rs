//! Where the service is.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwap;
use url::Url;

use crate::error::Error;
use crate::support::loopback::is_loopback;

/// The URL that every path of the API description is appended to.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    url: Arc<Url>,
    joined: Arc<ArcSwap<Vec<Joined>>>,
}

/// A path of the API description and the URL made of it.
type Joined = (&'static str, Arc<Url>);

impl BaseUrl {
    /// Reads a URL, which `name` describes in errors, and checks that tokens may be sent to it.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when it is not a URL, holds a user, a password, a query or a fragment, or is neither `https`
    /// nor, unless `plain_http` allows it, `http` to this machine.
    pub(crate) fn checked(name: &str, text: &str, plain_http: bool) -> Result<Self, Error> {
        let shown = shown(text);
        let refused = |why: &str| Error::configuration(format!("the {name}{shown} {why}"));
        let mut url = Url::parse(text).map_err(|error| {
            refused(&format!("cannot be read: {error}: write it as `https://` or `http://`, host and path"))
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("has a user or a password: leave them out"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("has a query or a fragment: leave them out"));
        }
        match url.scheme() {
            "https" => {}
            "http" if plain_http || is_loopback(&url) => {}
            "http" => {
                return Err(refused(
                    "is plain http to another machine: use https, or allow it with \
                     `allow_plain_http_to_any_host`",
                ));
            }
            _ => return Err(refused("is neither https nor http: begin it with `https://` or `http://`")),
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self { url: Arc::new(url), joined: Arc::default() })
    }

    /// Whether the service is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// The URL itself.
    pub(crate) fn shared(&self) -> Arc<Url> {
        self.url.clone()
    }

    /// The URL with a path of the API description appended, joined once for all calls.
    pub(crate) fn join(&self, path: &'static str) -> Arc<Url> {
        let known = |joined: &[Joined]| {
            joined.iter().find(|(other, _)| std::ptr::eq(*other, path)).map(|(_, url)| url.clone())
        };
        if let Some(url) = known(&self.joined.load()) {
            return url;
        }
        let mut url = Url::clone(&self.url);
        url.set_path(&(self.url.path().trim_end_matches('/').to_owned() + path));
        let url = Arc::new(url);
        self.joined.rcu(|joined| {
            let mut joined = Vec::clone(joined);
            if known(&joined).is_none() {
                joined.push((path, url.clone()));
            }
            joined
        });
        url
    }
}

/// The text of a refused URL as errors show it. It may be a secret in the wrong place, or hold a password: then it is left out.
fn shown(text: &str) -> String {
    const LONGEST: usize = 100;
    let may_be_secret = text.contains(['@', '?', '#']) || text.len() > LONGEST;
    if may_be_secret { String::new() } else { format!(" `{}`", text.escape_debug()) }
}

impl Deref for BaseUrl {
    type Target = Url;

    fn deref(&self) -> &Url {
        &self.url
    }
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    fn checked(text: &str, plain_http: bool) -> Result<BaseUrl, crate::error::Error> {
        BaseUrl::checked("base URL", text, plain_http)
    }

    #[test]
    fn plain_http_is_for_this_machine_unless_allowed_in_words() {
        for allowed in
            ["http://127.0.0.1:8080/iam", "http://127.9.9.9/", "http://[::1]/iam", "http://localhost/iam"]
        {
            assert!(checked(allowed, false).is_ok(), "{allowed}");
        }
        for refused in
            ["http://example.org/iam", "http://127.0.0.1.example.org/", "http://localhost.example.org/"]
        {
            assert!(checked(refused, false).is_err(), "{refused}");
            assert!(checked(refused, true).is_ok(), "{refused}");
        }
    }

    #[test]
    fn a_base_url_that_could_mislead_or_leak_is_refused() {
        for refused in [
            "ftp://example.org",
            "file:///etc",
            "data:text/plain,x",
            "https://example.org/?a=b",
            "https://example.org/#f",
            "https://user:hunter2@example.org/",
            "example.org/iam",
            "",
        ] {
            let error = checked(refused, true).err().unwrap();
            assert!(error.is_configuration(), "{refused}");
            let printed = format!("{error} {error:?}");
            assert!(!printed.contains("hunter2"));
            let is_shown = !refused.contains(['@', '?', '#']);
            assert_eq!(printed.contains(&format!("the base URL `{refused}` ")), is_shown, "{printed}");
        }
    }

    #[test]
    fn a_trailing_slash_of_the_base_url_changes_nothing() {
        for url in ["https://example.org/iam", "https://example.org/iam/", "https://example.org/iam//"] {
            assert_eq!(checked(url, false).unwrap().path(), "/iam", "{url}");
        }
    }

    #[test]
    fn every_path_is_joined_once_and_to_its_own_base() {
        let [first, second] =
            ["https://example.org/iam", "https://example.com"].map(|url| checked(url, false).unwrap());
        for _ in 0..3 {
            assert_eq!(first.join("/v1/projects").as_str(), "https://example.org/iam/v1/projects");
            assert_eq!(first.join("/v1/tokens").as_str(), "https://example.org/iam/v1/tokens");
            assert_eq!(second.clone().join("/v1/tokens").as_str(), "https://example.com/v1/tokens");
            assert_eq!(first.join("").as_str(), "https://example.org/iam");
        }
        assert_eq!(first.joined.load().len(), 3);
    }
}
