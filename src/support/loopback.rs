//! Which URLs mean this machine.

use url::{Host, Url};

/// Whether the host of a URL is this machine: a loopback address, `localhost` or a name below it (RFC 6761, section 6.3).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => is_localhost(name),
        None => false,
    }
}

/// Whether a name is `localhost` or below it, as it is in a URL: in lower case.
pub(crate) fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_loopback_addresses_and_localhost_are_this_machine() {
        for local in ["127.0.0.1", "127.9.9.9:1", "[::1]", "localhost", "LocalHost:1", "a.b.localhost"] {
            assert!(is_loopback(&format!("http://{local}/iam").parse().unwrap()), "{local}");
        }
        for other in ["127.0.0.1.example.org", "localhost.example.org", "notlocalhost", "0.0.0.0", "[::]"] {
            assert!(!is_loopback(&format!("http://{other}/iam").parse().unwrap()), "{other}");
        }
    }
}
