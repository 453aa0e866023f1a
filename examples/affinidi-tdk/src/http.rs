//! An HTTP client for this SDK with the settings of the TDK.

use std::error::Error as StdError;
use std::time::Duration;

use affinidi_tdk_common::environments::TDKEnvironment;
use reqwest::{Certificate, redirect, retry};

pub fn http_client(environment: &TDKEnvironment) -> Result<reqwest::Client, Box<dyn StdError>> {
    let mut authorities = Vec::new();
    for authority in environment.load_ssl_certificates()? {
        authorities.push(Certificate::from_der(&authority)?);
    }
    let http = reqwest::Client::builder()
        .tls_certs_merge(authorities)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(15));
    Ok(http.build()?)
}
