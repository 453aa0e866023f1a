//! The same calls, ours and by hand. Each caller keeps its connection, bounds its time, names itself and follows no redirect.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::address::{Address, Endpoint};

pub mod by_hyper;
pub mod by_reqwest;
pub mod by_reqwest_cheapest;
mod hand;
pub mod ours;

/// A consumer's token, and a user's; it is not looked at.
pub const TOKEN: &str =
    "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.2YotnFZFEjr1zCsicMWpAA2YotnFZFEjr1zCsicMWpAA";
pub const DID: &str = "did:key:zDnaeo4jEmLKHvTj5bMuB57cWYyM7Vcdj6VXsfr16rCKThvZk";
/// How many projects the server responds with, or more where a response is large.
pub const PAGE: usize = 20;

/// How long a connection and a call may take: long enough for a busy machine that simulates a processor.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);
pub const TIMEOUT: Duration = Duration::from_secs(240);

/// A client as a program would keep it, and calls as a program would write them.
pub trait Caller: Send + Sync + 'static {
    /// What the rows call it.
    const NAME: &'static str;
    /// The benchmark that counts its instructions.
    const BENCHMARK: &'static str;

    fn new(endpoint: &Endpoint) -> Self;

    /// Asks for a consumer token: a POST with a small body and a small response.
    fn token(&self) -> impl Future<Output = ()> + Send;

    /// Asks for a page of [`PAGE`] projects: a GET with an authorization and a large response.
    fn projects(&self) -> impl Future<Output = ()> + Send;

    /// Asks who the caller is: a GET with an authorization and a small response.
    fn whoami(&self) -> impl Future<Output = ()> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Token,
    Projects,
    Whoami,
    WhoamiTls,
    Projects1Mb,
    Projects8Mb,
}

/// The calls that every caller is measured with.
pub const CALLS: [Call; 3] = [Call::Token, Call::Projects, Call::Whoami];

impl Call {
    /// What the rows call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "`token`",
            Self::Projects => "`projects`",
            Self::Whoami => "`whoami`",
            Self::WhoamiTls => "`whoami` with TLS",
            Self::Projects1Mb => "`projects` of 1 MB",
            Self::Projects8Mb => "`projects` of 8 MB",
        }
    }

    /// What its case of a benchmark is called.
    pub fn id(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Projects => "projects",
            Self::Whoami => "whoami",
            Self::WhoamiTls => "whoami_tls",
            Self::Projects1Mb => "projects_1mb",
            Self::Projects8Mb => "projects_8mb",
        }
    }

    /// How many calls are counted at a time.
    pub fn counted(self) -> u32 {
        if self.is_large() { 1 } else { 500 }
    }

    fn is_large(self) -> bool {
        matches!(self, Self::Projects1Mb | Self::Projects8Mb)
    }

    fn endpoint(self, server: &Address) -> Endpoint {
        match self {
            Self::Token | Self::Projects | Self::Whoami => server.plain(),
            Self::WhoamiTls => server.tls(),
            Self::Projects1Mb => server.large(1),
            // Below the limit of 8 MiB.
            Self::Projects8Mb => server.large(8),
        }
    }
}

/// A caller with its connection open.
pub struct Ready<C> {
    runtime: Runtime,
    caller: C,
    call: Call,
}

impl<C: Caller> Ready<C> {
    pub fn new(server: &Address, call: Call) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let caller = runtime.block_on(async { C::new(&call.endpoint(server)) });
        let ready = Self { runtime, caller, call };
        ready.make(if call.is_large() { 1 } else { 20 });
        ready
    }

    /// Makes the calls that are counted, one after the other.
    #[inline(never)]
    pub fn make_counted(&self) {
        self.make(self.call.counted());
    }

    /// Makes as many calls, one after the other.
    pub fn make(&self, calls: u32) {
        self.runtime.block_on(async {
            for _ in 0..calls {
                match self.call {
                    Call::Token => self.caller.token().await,
                    Call::Projects | Call::Projects1Mb | Call::Projects8Mb => self.caller.projects().await,
                    Call::Whoami | Call::WhoamiTls => self.caller.whoami().await,
                }
            }
        });
    }
}
