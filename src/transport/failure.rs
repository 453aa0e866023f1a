//! What a failure of the HTTP stack or of TLS means for the request.

#[cfg(any(feature = "rustls-no-provider", feature = "http2"))]
use std::error::Error as StdError;
#[cfg(feature = "rustls-no-provider")]
use std::io;

use super::TransportError;

/// What to do about a machine without certificates.
pub(super) const NO_CERTIFICATES: &str = "install the certificate authorities of the operating system (the package `ca-certificates`), \
                                          name a file of them in `SSL_CERT_FILE`, or trust others with `configure_http`";

/// Why no connection could be made.
pub(super) fn of_connecting<E>(error: E) -> TransportError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let error = error.into();
    #[cfg(feature = "rustls-no-provider")]
    match handshake_error(&*error) {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            return TransportError::certificate(error);
        }
        Some(rustls::Error::InvalidMessage(_)) => return TransportError::not_tls(error),
        _ => {}
    }
    TransportError::connect(error)
}

/// Why this side ended a TLS handshake. `native-tls` reports it as text alone, so there it stays a failure to connect.
#[cfg(feature = "rustls-no-provider")]
fn handshake_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(error) = error.downcast_ref() {
        return Some(error);
    }
    // The source of an `io::Error` is not what it wraps but the source of that.
    match error.downcast_ref().and_then(io::Error::get_ref) {
        Some(wrapped) => handshake_error(wrapped),
        None => error.source().and_then(handshake_error),
    }
}

/// Whether the service states that it did not process the request (RFC 9113, section 8.7): it refused the stream, or it closes the
/// connection in order, and the streams that it serves to their end do not fail with that.
#[cfg(feature = "http2")]
pub(super) fn is_not_processed(error: &(dyn StdError + 'static)) -> bool {
    match error.downcast_ref::<h2::Error>() {
        Some(error) if !error.is_remote() => false,
        Some(error) => {
            (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM))
                || (error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR))
        }
        None => error.source().is_some_and(is_not_processed),
    }
}
