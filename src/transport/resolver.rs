//! Name resolution that keeps the names of this machine from the network.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::support::loopback::is_localhost;

/// The resolver of the operating system, except for `localhost` and the names below it: those are loopback addresses (RFC 6761,
/// section 6.3), and some systems ask the network for them all the same.
#[derive(Clone)]
pub(super) struct Resolver;

/// Addresses in the order in which they are tried. The port comes from the URL.
pub(super) type Addresses = std::vec::IntoIter<SocketAddr>;

impl Resolver {
    pub(super) async fn addresses(name: &str) -> io::Result<Addresses> {
        if is_localhost(name) {
            // The last address that fails is the one that errors tell of.
            let loopback = [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
            return Ok(loopback.map(|address| SocketAddr::new(address, 0)).to_vec().into_iter());
        }
        let found: Vec<_> = tokio::net::lookup_host((name, 0)).await?.collect();
        Ok(found.into_iter())
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Addrs = Box::new(Self::addresses(name.as_str()).await?);
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use reqwest::dns::Resolve;

    use super::Resolver;

    #[tokio::test]
    async fn a_name_of_this_machine_is_not_looked_up() {
        for name in ["localhost", "api.localhost", "a.b.localhost"] {
            let addresses: Vec<_> = Resolver.resolve(name.parse().unwrap()).await.ok().unwrap().collect();
            assert!(addresses.len() == 2 && addresses.iter().all(|address| address.ip().is_loopback()));
        }
        assert!(Resolver.resolve("localhost.invalid".parse().unwrap()).await.is_err());
    }
}
