//! What to do about an error.

use affinidi_tdk_iam_client::Error;
use affinidi_tdk_iam_client::auth::TokenRejection;
use affinidi_tdk_iam_client::transport::TransportError;

pub(crate) const NETWORK: &str = "check the URL, and whether this machine may connect to it: name resolution, firewall, proxy (HTTPS_PROXY)";
const CERTIFICATE: &str = "check the certificates that this machine trusts, and whether a proxy intercepts TLS; never turn the check off";
const SAME_DEPLOYMENT: &str =
    "TOKEN_ENDPOINT and API_GATEWAY_URL must belong to the same deployment: unset both, or set both";

pub(crate) const KEY_FILE: &str = "PRIVATE_KEY_FILE must be the name of a file with the private key that this program may read, and PASSPHRASE \
     or PASSPHRASE_FILE must open it";

pub(crate) fn for_key(pem: &str) -> &'static str {
    match pem {
        _ if !pem.contains("-----BEGIN ") => {
            "PRIVATE_KEY must contain the text of the PEM file, from -----BEGIN to -----END, and not the file's name"
        }
        _ if pem.contains("ENCRYPTED") => {
            "set PASSPHRASE to the one that the key was encrypted with; if it is right, copy the PEM file into PRIVATE_KEY again"
        }
        _ => "copy the PEM file into PRIVATE_KEY again, complete and unchanged, or register a new key",
    }
}

pub(crate) fn for_connection(error: &TransportError) -> &'static str {
    if error.is_certificate() { CERTIFICATE } else { NETWORK }
}

pub(crate) fn for_user_token(error: &Error) -> String {
    match error.service_error().and_then(|error| error.name()) {
        Some("invalid_client") => {
            "check TOKEN_ID; the public key of PRIVATE_KEY must be registered with this personal access \
             token, for the algorithm above, and KEY_ID must be the id of the key if it is not the token id"
                .to_owned()
        }
        Some("invalid_request") => {
            "check KEY_ID: it must be the id under which the public key is registered".to_owned()
        }
        _ => for_call(error),
    }
}

pub(crate) fn for_project_token(error: &Error) -> String {
    if error.is_forbidden() || error.is_not_found() {
        "check PROJECT_ID; the personal access token must be a principal of this project: somebody who may, adds it \
         (`add_principal_to_project`)"
            .to_owned()
    } else {
        for_call(error)
    }
}

/// For any other call.
pub(crate) fn for_call(error: &Error) -> String {
    let advice = if error.is_certificate() {
        CERTIFICATE
    } else if error.is_connect() || error.is_timeout() || error.is_connection_lost() {
        NETWORK
    } else if error.is_rate_limited() {
        "wait, then run this again; share tokens between processes if it happens often"
    } else if error.is_server_error() {
        "run this again later; if it stays, report the trace id to Affinidi support"
    } else if error.is_unauthorized() {
        SAME_DEPLOYMENT
    } else if error.is_forbidden() || error.is_not_found() {
        "check API_GATEWAY_URL; if it is right, a gateway or firewall refuses this machine"
    } else if error.is_decode() {
        "check the URL: the response is not one of the service; a proxy may have sent it"
    } else if error.is_configuration() {
        "set the variable as the message states"
    } else {
        "run this with --shapes, and open an issue with the output"
    };
    match error.trace_id() {
        Some(id) => format!("{advice} (trace id {id})"),
        None => advice.to_owned(),
    }
}

pub(crate) fn for_verification(error: &Error) -> String {
    match error.rejection() {
        None => for_call(error),
        Some(TokenRejection::Expiration | TokenRejection::NotBefore | TokenRejection::IssuedAt) => {
            "set the clock of this machine, or synchronize it".to_owned()
        }
        Some(TokenRejection::Issuer) => format!("receivers must expect another issuer: {SAME_DEPLOYMENT}"),
        Some(_) => {
            "receivers would reject this token: run this with --shapes, and open an issue with the output"
                .to_owned()
        }
    }
}
