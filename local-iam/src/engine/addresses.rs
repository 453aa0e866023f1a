//! Where clients reach the service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

use crate::error::Error;

/// The addresses of the service. It is behind all of them, and advertises one.
#[derive(Debug)]
pub(crate) struct Addresses {
    all: Vec<Url>,
    /// The same as texts, without a trailing slash. The first one is the advertised one.
    origins: Vec<String>,
}

impl Addresses {
    /// The addresses of a service that listens at `socket`: the public one, if there is one, and those of this machine.
    pub(crate) fn new(socket: SocketAddr, public: Option<&str>) -> Result<Self, Error> {
        let own = match socket.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        let port = socket.port();
        let own = SocketAddr::new(own, port).to_string();
        let here = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
        let here =
            [own].into_iter().chain(here).filter_map(|host| Url::parse(&format!("http://{host}")).ok());
        let all: Vec<_> = public.map(origin).transpose()?.into_iter().chain(here).collect();
        Ok(Self { origins: all.iter().map(text).collect(), all })
    }

    pub(crate) fn advertised(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }

    /// The URLs of `path`, the advertised one first.
    pub(crate) fn urls(&self, path: &str) -> Vec<String> {
        self.origins.iter().map(|origin| format!("{origin}{path}")).collect()
    }

    /// Whether a request to `host`, the value of the header, was sent to the service by its own name.
    pub(crate) fn has_host(&self, host: &str) -> bool {
        let url = Url::parse(&format!("http://{host}")).ok();
        let host = url.as_ref().and_then(Url::host);
        host.is_some() && self.all.iter().any(|origin| origin.host() == host)
    }

    /// The host names of the service, for people.
    pub(crate) fn hosts(&self) -> String {
        let mut hosts: Vec<_> = self
            .all
            .iter()
            .filter_map(|origin| origin.host().map(|host: Host<&str>| host.to_string()))
            .collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts.join(", ")
    }
}

/// The URL that `text` is, if it is no more than scheme, host and port.
fn origin(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).ok().filter(|url| {
        ["http", "https"].contains(&url.scheme())
            && Url::parse(&self::text(url)).is_ok_and(|origin| origin == *url)
    });
    url.ok_or_else(|| {
        let why = "it must be `http` or `https` with a host and, if it is not the usual one, a port, and have no path";
        Error::invalid("use the public URL", why)
    })
}

fn text(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(socket: &str, public: Option<&str>) -> Result<Addresses, Error> {
        Addresses::new(socket.parse().unwrap(), public)
    }

    #[test]
    fn the_public_address_is_advertised_and_otherwise_one_that_this_machine_can_reach() {
        for (socket, public, expected) in [
            ("127.0.0.1:8080", None, "http://127.0.0.1:8080"),
            ("0.0.0.0:8080", None, "http://127.0.0.1:8080"),
            ("[::]:8080", None, "http://[::1]:8080"),
            ("[::1]:8080", None, "http://[::1]:8080"),
            ("192.0.2.1:8080", None, "http://192.0.2.1:8080"),
            ("0.0.0.0:8080", Some("http://localhost:9090/"), "http://localhost:9090"),
            ("0.0.0.0:8080", Some("https://IAM.example.org:443"), "https://iam.example.org"),
        ] {
            assert_eq!(addresses(socket, public).unwrap().advertised(), expected);
        }
    }

    #[test]
    fn a_public_address_is_no_more_than_scheme_host_and_port() {
        for wrong in [
            "",
            "localhost:9090",
            "ftp://iam.example.org",
            "http://a@b",
            "http://a/iam",
            "http://a?b",
            "http://a#b",
        ] {
            assert!(addresses("127.0.0.1:1", Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_service_has_the_names_of_this_machine_and_its_public_one() {
        let addresses = addresses("0.0.0.0:8080", Some("http://iam:9090")).unwrap();
        for host in ["iam", "iam:9090", "127.0.0.1:8080", "LOCALHOST", "[::1]:1"] {
            assert!(addresses.has_host(host), "{host}");
        }
        for host in ["", "0.0.0.0:8080", "iam.example.org", "a@", "attacker.example"] {
            assert!(!addresses.has_host(host), "{host}");
        }
        assert_eq!(addresses.hosts(), "127.0.0.1, [::1], iam, localhost");
    }
}
