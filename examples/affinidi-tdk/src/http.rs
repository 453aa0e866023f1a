//! A client of this SDK that trusts what the environment of the TDK trusts.

use std::error::Error as StdError;

use affinidi_tdk_common::environments::TDKEnvironment;
use affinidi_tdk_iam_client::{Client, ClientBuilder};
use reqwest::Certificate;

pub fn client_for(environment: &TDKEnvironment) -> Result<ClientBuilder, Box<dyn StdError>> {
    let mut authorities = Vec::new();
    for authority in environment.load_ssl_certificates()? {
        authorities.push(Certificate::from_der(&authority)?);
    }
    Ok(Client::builder().configure_http(move |http| http.tls_certs_merge(authorities.clone())))
}
