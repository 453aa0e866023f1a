//! Where the server is.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// The name of the environment variable with the [`Address`], for the programs that this one starts.
pub const VARIABLE: &str = "SERVER";

/// Where the server is.
#[derive(Clone, Serialize, Deserialize)]
pub struct Address {
    /// Host and port for plain HTTP.
    pub host: String,
    /// Host and port for TLS.
    pub tls_host: String,
    /// What to trust for TLS, in DER, as base64.
    pub certificate: String,
}

/// What a caller is made for.
#[derive(Clone)]
pub struct Endpoint {
    pub base_url: String,
    /// The only certificate to trust, in DER; without TLS there is none.
    pub certificate: Option<Vec<u8>>,
}

impl Address {
    /// The server that the program which started this one has started.
    pub fn from_env() -> Result<Self, Box<dyn std::error::Error>> {
        Ok(serde_json::from_str(&std::env::var(VARIABLE)?)?)
    }

    /// The value of the environment variable. It always has the same length, because the size of the environment moves the stack,
    /// and with it what falls into the same line of a cache.
    pub fn to_env(&self) -> io::Result<String> {
        Ok(format!("{:<2048}", serde_json::to_string(self)?))
    }

    /// Where the service is with plain HTTP.
    pub fn plain(&self) -> Endpoint {
        self.below("")
    }

    pub fn tls(&self) -> Endpoint {
        let base_url = format!("https://{}/iam", self.tls_host);
        Endpoint { base_url, certificate: Some(STANDARD.decode(&self.certificate).unwrap()) }
    }

    /// A service whose responses are held back until `/release` is asked for.
    pub fn held(&self) -> Endpoint {
        self.below("/held")
    }

    /// A service whose pages are that large.
    pub fn large(&self, megabytes: usize) -> Endpoint {
        self.below(&format!("/large/{megabytes}"))
    }

    fn below(&self, path: &str) -> Endpoint {
        Endpoint { base_url: format!("{}{path}/iam", self.origin()), certificate: None }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.host)
    }

    /// The number with which the server responds at this path. It blocks, and keeps no memory.
    pub fn ask(&self, path: &str) -> io::Result<usize> {
        let mut stream = TcpStream::connect(&self.host)?;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.host).as_bytes())?;
        // The server writes a response at once.
        let mut buffer = [0; 256];
        let count = stream.read(&mut buffer)?;
        let text = String::from_utf8_lossy(&buffer[..count]);
        let number = text.rsplit("\r\n\r\n").next().and_then(|body| body.parse().ok());
        number.ok_or_else(|| io::Error::other("the server responded with something else than a number"))
    }
}
