//! A custom `TokenProvider`: supplies tokens from another source, and replaces a token that the service rejects.
//!
//! ```sh
//! cargo run --example token_provider
//! ```
//!
//! To only fetch and cache tokens, use a `TokenCache` with a closure: three lines. Write a provider if other code decides which
//! token to use.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use affinidi_iam_local::{Clock, LocalIam};
use affinidi_tdk_iam_client::auth::{AccessToken, TokenFuture, TokenProvider};
use affinidi_tdk_iam_client::{Client, Error};

/// Returns tokens from a broker; in this example the broker is the local service.
struct Broker {
    iam: Arc<LocalIam>,
    kept: Mutex<Option<AccessToken>>,
}

impl Broker {
    fn kept(&self) -> std::sync::MutexGuard<'_, Option<AccessToken>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Simulates a request to the broker.
    async fn ask(&self) -> Result<AccessToken, Error> {
        println!("asking the broker for a token");
        AccessToken::new(self.iam.user_token().map_err(Error::credential)?)
    }
}

impl TokenProvider for Broker {
    /// Called before every request, so a kept token is returned at once.
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            if let Some(token) = self.kept().clone() {
                return Ok(token);
            }
            let token = self.ask().await?;
            *self.kept() = Some(token.clone());
            // If a token that was just fetched is rejected, a newer one would not help.
            Ok(token.just_fetched())
        })
    }

    /// Drops the rejected token, unless another caller already replaced it. `true` makes the client retry with a new token.
    fn invalidate(&self, token: &AccessToken) -> bool {
        println!("the service refused the token that was kept");
        self.kept().take_if(|kept| kept == token);
        true
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let clock = Clock::system();
    let iam = Arc::new(LocalIam::builder().clock(clock.clone()).start().await?);
    let broker = Broker { iam: iam.clone(), kept: Mutex::default() };
    let client = Client::builder().base_url(iam.base_url()).user_token(broker).build()?;

    for _ in 0..2 {
        println!("called as {}", client.sts().whoami().await?.principal_id);
    }

    // Two hours later the kept token has expired. The call still succeeds.
    clock.advance(Duration::from_secs(2 * 60 * 60));
    println!("called as {}", client.sts().whoami().await?.principal_id);
    Ok(())
}
