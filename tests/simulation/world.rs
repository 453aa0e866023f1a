//! What everything in one simulation shares: the seed's random numbers, the clocks, the trace, and the first broken promise.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::judge::Judge;
use crate::service::ServiceState;
use crate::store::StoreState;

/// The simulated world. Each seed has one thread to itself, and so has its world.
pub(crate) struct World {
    pub(crate) random: Random,
    begin: Instant,
    /// How long the machine was suspended so far: the monotonic clock stood still.
    suspended: Duration,
    /// How many seconds the date of the machine is ahead of the true one.
    date_error: i64,
    /// How often one of the clocks was changed.
    pub(crate) clock_changes: u32,
    pub(crate) trace: Vec<String>,
    pub(crate) broken: Option<String>,
    pub(crate) judge: Judge,
    pub(crate) service: ServiceState,
    pub(crate) store: StoreState,
}

/// A moment, as the machine sees it.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// The monotonic clock since the simulation began.
    pub(crate) monotonic: Duration,
    pub(crate) date: SystemTime,
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

/// More events than any sound scenario has.
const MOST_EVENTS: usize = 50_000;

/// Begins the world of a seed. Needs a runtime whose time is paused.
pub(crate) fn begin(seed: u64) {
    let world = World {
        random: Random(seed),
        begin: Instant::now(),
        suspended: Duration::ZERO,
        date_error: 0,
        clock_changes: 0,
        trace: Vec::new(),
        broken: None,
        judge: Judge::default(),
        service: ServiceState::default(),
        store: StoreState::default(),
    };
    WORLD.set(Some(world));
}

/// Ends the world of this thread and returns it.
pub(crate) fn end() -> World {
    WORLD.take().unwrap()
}

/// Reads or changes the world.
pub(crate) fn with<T>(act: impl FnOnce(&mut World) -> T) -> T {
    if_present(act).unwrap()
}

/// Like [`with`]; `None` on a thread that simulates nothing.
pub(crate) fn if_present<T>(act: impl FnOnce(&mut World) -> T) -> Option<T> {
    WORLD.with_borrow_mut(|world| world.as_mut().map(act))
}

impl World {
    pub(crate) fn now(&self) -> Moment {
        Moment { monotonic: self.monotonic(), date: self.date() }
    }

    pub(crate) fn monotonic(&self) -> Duration {
        Instant::now() - self.begin
    }

    /// True time since the simulation began: that of the service and of the store.
    pub(crate) fn truth(&self) -> Duration {
        self.monotonic() + self.suspended
    }

    /// The date that the machine shows.
    pub(crate) fn date(&self) -> SystemTime {
        let error = Duration::from_secs(self.date_error.unsigned_abs());
        let date = self.true_date();
        if self.date_error < 0 { date - error } else { date + error }
    }

    pub(crate) fn true_date(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_800_000_000) + self.truth()
    }

    pub(crate) fn suspend(&mut self, duration: Duration) {
        self.suspended += duration;
        self.clock_changes += 1;
        self.event(format_args!("the machine was suspended for {duration:?}"));
    }

    pub(crate) fn set_date(&mut self, seconds: i64) {
        self.date_error += seconds;
        self.clock_changes += 1;
        self.event(format_args!("the date was moved by {seconds} s"));
    }

    /// Adds a line to the trace.
    pub(crate) fn event(&mut self, what: impl Display) {
        let line = format!("{:>12.3} {what}", self.monotonic().as_secs_f64());
        self.trace.push(line);
        if self.trace.len() == MOST_EVENTS {
            self.broken(format_args!("something runs away: there are {MOST_EVENTS} events"));
        }
    }

    /// A promise is broken. The first one counts.
    pub(crate) fn broken(&mut self, promise: impl Display) {
        if self.broken.is_none() {
            self.broken = Some(promise.to_string());
            self.event(format_args!("BROKEN: {promise}"));
        }
    }
}

impl Moment {
    /// How much time has passed by the clock that says more; nothing before this moment.
    pub(crate) fn elapsed(&self, now: &Self) -> Duration {
        let Some(elapsed) = now.monotonic.checked_sub(self.monotonic) else { return Duration::ZERO };
        now.date.duration_since(self.date).unwrap_or_default().max(elapsed)
    }
}

/// The numbers of a seed (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn in_range(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.in_range(0..100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.in_range(0..among.len() as u64) as usize].clone()
    }

    /// Short durations are as likely as long ones: evenly spread on a logarithmic scale.
    pub(crate) fn milliseconds(&mut self, range: Range<u64>) -> Duration {
        let (least, most) = (range.start as f64, range.end as f64);
        Duration::from_millis((least * (most / least).powf(self.fraction())) as u64)
    }
}
