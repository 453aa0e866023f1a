//! The same calls, ours and by hand. Each caller keeps its connection, bounds its time, names itself and follows no redirect.

use tokio::runtime::{Builder, Runtime};

pub mod by_hyper;
pub mod by_reqwest;
mod hand;
pub mod ours;

/// A consumer's token, and a user's; it is not looked at.
pub const TOKEN: &str =
    "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.2YotnFZFEjr1zCsicMWpAA2YotnFZFEjr1zCsicMWpAA";
pub const DID: &str = "did:key:zDnaeo4jEmLKHvTj5bMuB57cWYyM7Vcdj6VXsfr16rCKThvZk";
/// How many projects the server answers with.
pub const PAGE: usize = 20;

/// A client as a program would keep it, and two calls as a program would write them.
#[allow(async_fn_in_trait, reason = "only ever used on one thread")]
pub trait Caller {
    fn new(base_url: &str) -> Self;

    /// Asks for a consumer token: a POST with a small body and a small answer.
    async fn token(&self);

    /// Asks for a page of [`PAGE`] projects: a GET with an authorization and a large answer.
    async fn projects(&self);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Token,
    Projects,
}

/// A caller with its connection open.
pub struct Ready<C> {
    runtime: Runtime,
    caller: C,
    call: Call,
}

impl<C: Caller> Ready<C> {
    pub fn new(base_url: &str, call: Call) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let caller = runtime.block_on(async { C::new(base_url) });
        let ready = Self { runtime, caller, call };
        ready.make(20);
        ready
    }

    /// Makes as many calls, one after the other.
    #[inline(never)]
    pub fn make(&self, calls: u32) {
        self.runtime.block_on(async {
            for _ in 0..calls {
                match self.call {
                    Call::Token => self.caller.token().await,
                    Call::Projects => self.caller.projects().await,
                }
            }
        });
    }
}
