//! A `TokenProvider` of your own: tokens that come from where you keep them, and heal when the service refuses one.
//!
//! ```sh
//! cargo run --example token_provider
//! ```
//!
//! Where tokens only have to be fetched and kept, a `TokenCache` over a closure does it in three lines; write a provider when
//! something else decides which token is the right one.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use affinidi_iam_local::{Clock, LocalIam};
use affinidi_tdk_iam_client::auth::{AccessToken, TokenFuture, TokenProvider};
use affinidi_tdk_iam_client::{Client, Error};

/// Hands out the token that a broker keeps for this program; here the broker is the local service itself.
struct Broker {
    iam: Arc<LocalIam>,
    kept: Mutex<Option<AccessToken>>,
}

impl Broker {
    fn kept(&self) -> std::sync::MutexGuard<'_, Option<AccessToken>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stands for a request to the broker.
    async fn ask(&self) -> Result<AccessToken, Error> {
        println!("asking the broker for a token");
        AccessToken::new(self.iam.user_token().map_err(Error::credential)?)
    }
}

impl TokenProvider for Broker {
    /// Asked before every request, so what is kept is answered at once.
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            if let Some(token) = self.kept().clone() {
                return Ok(token);
            }
            let token = self.ask().await?;
            *self.kept() = Some(token.clone());
            // A token that is just fetched and refused all the same is not worth another try.
            Ok(token.just_fetched())
        })
    }

    /// Drops the refused token, unless another caller has replaced it already: `true` makes the client ask again.
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

    // Two hours later the token that is kept has expired. The call succeeds all the same.
    clock.advance(Duration::from_secs(2 * 60 * 60));
    println!("called as {}", client.sts().whoami().await?.principal_id);
    Ok(())
}
