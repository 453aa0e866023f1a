//! The only source of time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The clock that a service reads, in whole seconds since the Unix epoch.
///
/// Clones share their offset. A test moves the time of a running service, so that it tests expiry without sleeping: with
/// [`LocalIam::clock`](crate::LocalIam::clock), or with a clone of the clock that it gave to the service.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use affinidi_iam_local::LocalIam;
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// let iam = LocalIam::start().await?;
/// let user = auth::StaticToken::new(iam.user_token()?);
/// let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// client.sts().whoami().await?;
///
/// iam.clock().advance(Duration::from_secs(3601));
/// assert!(client.sts().whoami().await.unwrap_err().is_unauthorized());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Clock {
    base: Base,
    offset: Arc<AtomicI64>,
}

#[derive(Clone, Copy)]
enum Base {
    System,
    Fixed(i64),
}

impl Clock {
    /// The time of the machine. This is the default of a service.
    pub fn system() -> Self {
        Self { base: Base::System, offset: Arc::default() }
    }

    /// A clock that stands still at `time` until it is moved.
    pub fn fixed(time: SystemTime) -> Self {
        Self { base: Base::Fixed(unix_seconds(time)), offset: Arc::default() }
    }

    /// Moves the clock ahead by the whole seconds of `by`.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        self.set_offset(self.offset().saturating_add(by));
    }

    /// Sets how many seconds the clock is ahead of its base; negative values put it behind.
    pub fn set_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::SeqCst);
    }

    /// How many seconds the clock has been moved.
    pub fn offset(&self) -> i64 {
        self.offset.load(Ordering::SeqCst)
    }

    /// The current time in seconds since the Unix epoch (the `NumericDate` of RFC 7519).
    pub fn now(&self) -> i64 {
        let base = match self.base {
            Base::System => system_now(),
            Base::Fixed(seconds) => seconds,
        };
        base.saturating_add(self.offset())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("now", &self.now()).field("offset", &self.offset()).finish()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's time")]
fn system_now() -> i64 {
    unix_seconds(SystemTime::now())
}

fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    }
}
