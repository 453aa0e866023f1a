//! TLS by `rustls`, which trusts what the operating system trusts.

use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;

use super::failure::NO_CERTIFICATES;

/// The protocols that are offered (RFC 7301), the preferred one first.
const PROTOCOLS: &[&[u8]] = &[
    #[cfg(feature = "http2")]
    b"h2",
    b"http/1.1",
];

/// The configuration of connections to services. The certificates of the operating system are read once a process.
///
/// # Errors
///
/// A text: why there is none, and what to do about it.
pub(super) fn client_config() -> Result<ClientConfig, String> {
    static VERIFIER: OnceLock<Arc<Verifier>> = OnceLock::new();
    let provider = provider()?;
    let verifier = match VERIFIER.get() {
        Some(verifier) => verifier.clone(),
        None => {
            let loaded = Arc::new(Verifier::new(provider.clone()).map_err(|error| unusable(&error))?);
            VERIFIER.get_or_init(|| loaded).clone()
        }
    };
    with_verifier(provider, verifier)
}

/// The same, which also trusts the authorities of a PEM text.
///
/// # Errors
///
/// A text: why there is none, and what to do about it.
#[cfg(feature = "hyper")]
pub(super) fn client_config_with(pem: &[u8]) -> Result<ClientConfig, String> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    let provider = provider()?;
    let roots: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("the root certificates are not PEM: {error}"))?;
    if roots.is_empty() {
        return Err("the root certificates are not PEM: there is no `BEGIN CERTIFICATE`".to_owned());
    }
    #[cfg(not(target_os = "android"))]
    {
        let verifier =
            Verifier::new_with_extra_roots(roots, provider.clone()).map_err(|error| unusable(&error))?;
        with_verifier(provider, Arc::new(verifier))
    }
    #[cfg(target_os = "android")]
    Err("Android trusts only what its settings say".to_owned())
}

fn with_verifier(provider: Arc<CryptoProvider>, verifier: Arc<Verifier>) -> Result<ClientConfig, String> {
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = PROTOCOLS.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(config)
}

/// The cryptography that the program installed for its process, or that of the feature `rustls`.
fn provider() -> Result<Arc<CryptoProvider>, String> {
    let installed = CryptoProvider::get_default().cloned();
    #[cfg(feature = "rustls")]
    let provider = Ok(installed.unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider())));
    #[cfg(not(feature = "rustls"))]
    let provider = installed.ok_or_else(|| NO_PROVIDER.to_owned());
    provider
}

/// Why there is no cryptography, and what to do about it.
#[cfg(not(feature = "rustls"))]
pub(super) const NO_PROVIDER: &str = "no cryptography provider is installed for TLS: at the start of the program, before a client is \
                                      built, call `install_default` of one, such as \
                                      `rustls::crypto::ring::default_provider().install_default()`, or turn on the feature `rustls` \
                                      of this crate, which brings one";

fn unusable(error: &rustls::Error) -> String {
    format!("TLS could not be set up: {error}: {NO_CERTIFICATES}")
}
