//! A token with its time.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::per_thread::PerThread;
use crate::auth::token::{AccessToken, FetchedToken};
use crate::support::clock::{date, now};
use crate::support::moment::Moment;
use crate::support::random;

/// A token counts as expired this long before its end, so that it does not expire on its way.
const LONGEST_MARGIN: Duration = Duration::from_secs(10);

/// Those who wait for a token take it within this time, unless nobody polls them.
const JUST_NOW: Duration = Duration::from_secs(1);

/// A token with its time.
pub(super) struct Entry {
    token: PerThread,
    lifetime: Duration,
    refresh_at: Instant,
    expires_at: Instant,
    /// The same moments as dates: the monotonic clock stands still while the machine is suspended.
    refresh_on: SystemTime,
    expires_on: SystemTime,
    /// When it came, if it had expired by then, as one without any lifetime.
    came_expired: Option<Moment>,
}

impl Entry {
    pub(super) fn new(token: FetchedToken, asked_at: Moment) -> Self {
        const LONGEST: Duration = Duration::from_secs(60 * 60 * 24 * 365);
        let lifetime = token.lifetime().min(LONGEST);
        let refresh_after = lifetime.mul_f64(0.7) + random::up_to(lifetime.mul_f64(0.15));
        // An age that the clock cannot express is that of a token that has expired.
        let (refresh_at, expires_at, end) = match asked_at.instant.checked_sub(token.age()) {
            Some(begin) => (begin + refresh_after, begin + lifetime - margin(lifetime), begin + lifetime),
            None => (asked_at.instant, asked_at.instant, asked_at.instant),
        };
        // From the request on: the machine may have been suspended while the token was on its way.
        let as_date = |moment: Instant| {
            let left = moment.saturating_duration_since(asked_at.instant);
            asked_at.date.checked_add(left).unwrap_or(SystemTime::UNIX_EPOCH)
        };
        let (refresh_on, expires_on) = (as_date(refresh_at), as_date(expires_at));
        let token = PerThread::of(token.token(), Moment { instant: end, date: as_date(end) });
        Self {
            token,
            lifetime,
            refresh_at,
            expires_at,
            refresh_on,
            expires_on,
            came_expired: (expires_at <= now()).then(Moment::now),
        }
    }

    pub(super) fn token(&self) -> AccessToken {
        self.token.get().clone()
    }

    /// Whether both clocks say that it need not be refreshed; then it is valid as well.
    pub(super) fn is_young(&self) -> bool {
        now() < self.refresh_at && date() < self.refresh_on
    }

    /// Whether both clocks leave more than `ttl`.
    pub(super) fn is_valid(&self, now: Instant, ttl: Duration) -> bool {
        self.expires_at.checked_duration_since(now).is_some_and(|left| left > ttl)
            && self.expires_on.duration_since(date()).is_ok_and(|left| left > ttl)
    }

    /// Whether it had expired when it came, just now: for those who waited for it another one would be no better.
    pub(super) fn has_just_come_expired(&self) -> bool {
        self.came_expired.is_some_and(|came| came.elapsed() < JUST_NOW)
    }

    /// For how long a new token can be used.
    pub(super) fn usable_lifetime(&self) -> Duration {
        self.lifetime - margin(self.lifetime)
    }
}

pub(super) fn margin(lifetime: Duration) -> Duration {
    (lifetime / 10).min(LONGEST_MARGIN)
}
