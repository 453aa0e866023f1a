//! The consumer IAM: tokens of consumers, and the access that they grant others to their virtual file systems. It is a second
//! service of the same gateway, which today's official vault clients use.
//!
//! [`Client::consumer_iam`] leads to its operations. Handwritten is this file; `apis` and `models` are generated from
//! `openapi.consumer-iam.yaml`.

pub mod apis;
pub mod models;

use crate::client::Client;

/// The operations of the consumer IAM, obtained from [`Client::consumer_iam`]. It is cheap to clone; calls that follow each other
/// closely keep one.
#[derive(Clone, Debug)]
pub struct ConsumerIam {
    client: Client,
}

impl Client {
    /// The operations of the consumer IAM, with the credentials, connections and limits of this client.
    ///
    /// Its URL is the base URL of this client with `/cid` in place of `/iam`. If the base URL does not end with `/iam`, every
    /// call fails with [`Error::is_configuration`](crate::Error::is_configuration) and nothing is sent.
    pub fn consumer_iam(&self) -> ConsumerIam {
        let client = self.beside_iam("consumer IAM", "cid").unwrap_or_else(|reason| self.refusing(reason));
        ConsumerIam { client }
    }
}

impl ConsumerIam {
    fn client(&self) -> Client {
        self.client.clone()
    }
}
