//! Checks the promises that show in what a process sends and receives.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::service::OF_NO_CALLER;
use crate::world::{Moment, World};

/// The credentials of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    User,
    Project,
}

/// One of the simulated processes, counted from 0.
pub(crate) type Process = usize;

/// What the clients of all processes are set to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) fetch_timeout: Duration,
    pub(crate) retry_budget: u32,
    pub(crate) max_concurrent_requests: Option<usize>,
    pub(crate) requests_per_second: Option<u32>,
}

impl Limits {
    /// Whether calls may have to wait for each other.
    pub(crate) fn are_set(&self) -> bool {
        self.max_concurrent_requests.is_some() || self.requests_per_second.is_some()
    }
}

/// What timers may be late, one after the other.
pub(crate) const SLACK: Duration = Duration::from_millis(10);

/// What was seen so far.
#[derive(Default)]
pub(crate) struct Judge {
    pub(crate) limits: Limits,
    lifetimes: BTreeMap<String, Duration>,
    tokens: BTreeMap<(Process, String), Received>,
    /// The newest token of a credential that was used.
    present: BTreeMap<(Process, Kind), String>,
    requests: BTreeMap<String, Request>,
    token_requests: BTreeMap<(Process, Kind), TokenRequests>,
    traffic: BTreeMap<Process, Traffic>,
    /// The calls that were held without being polled, and when they were polled again: they may come late to what they were allowed
    /// to do.
    held: BTreeMap<u64, Option<Duration>>,
    /// When something happened that a fetch or a call may have begun with.
    moments: Vec<Moment>,
    /// When retries may follow.
    planned: Vec<Duration>,
    /// When the calls of callers began, and how much time each of their requests has.
    begun: BTreeMap<u64, (Moment, Duration)>,
    next: u64,
}

/// A token in the hands of a process.
struct Received {
    /// How old it was at which moment, when it came first and last: a store may return a token again.
    first: (Duration, Moment),
    last: (Duration, Moment),
    /// Counts the tokens in the order in which they were received.
    number: u64,
    refused: bool,
}

/// One request of a call, with its retries.
#[derive(Default)]
struct Request {
    sent: u32,
    /// A refused token was replaced for it.
    healed: bool,
    refused: bool,
    may_be_processed: bool,
}

#[derive(Default)]
struct TokenRequests {
    at: Vec<Duration>,
    /// How many in a row brought no token.
    failed: u32,
}

#[derive(Default)]
struct Traffic {
    succeeded: u32,
    /// Requests that were sent again and cost something.
    retries: u32,
    sent: Vec<Duration>,
    /// When those that are in flight were sent.
    in_flight: Vec<Duration>,
}

/// How the service dealt with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    /// The token was refused.
    Refused,
    /// Certainly not processed.
    Unprocessed,
    Unknown,
}

impl World {
    /// Something happened that a fetch or a call may begin with.
    pub(crate) fn moment(&mut self) {
        let now = self.now();
        self.judge.moments.push(now);
    }

    /// Something waits so long before it begins.
    pub(crate) fn wait_planned(&mut self, wait: Duration) {
        let then = self.monotonic() + wait;
        self.judge.planned.push(then);
    }

    /// A call begins, of which each request has this much time.
    pub(crate) fn begun(&mut self, call: u64, limit: Duration) {
        let now = self.now();
        self.judge.begun.insert(call, (now, limit));
        self.judge.moments.push(now);
    }

    /// When a request of this call may have taken its token at the earliest. It may expire before it is sent: while the call waits
    /// for the client's limits or before it retries.
    pub(crate) fn token_taken(&self, call: u64) -> Moment {
        let begun = self.judge.begun.get(&call);
        let limit = begun.map_or(self.judge.limits.fetch_timeout, |(_, limit)| *limit);
        let earliest = self.monotonic().saturating_sub(limit);
        let moments = &self.judge.moments;
        let first = moments.get(moments.partition_point(|moment| moment.monotonic < earliest));
        let first = first.copied().unwrap_or_else(|| self.now());
        match begun {
            Some((begin, _)) if first.monotonic < begin.monotonic => *begin,
            _ => first,
        }
    }

    pub(crate) fn token_issued(&mut self, token: &str, lifetime: Duration) {
        self.judge.lifetimes.insert(token.to_owned(), lifetime);
    }

    /// A process has a token, which was this old at that moment.
    pub(crate) fn token_received(&mut self, process: Process, token: &str, age: Duration, at: Moment) {
        self.judge.next += 1;
        let number = self.judge.next;
        let received = self.judge.tokens.entry((process, token.to_owned()));
        let (first, last) = ((age, at), (age, at));
        received.and_modify(|received| received.last = last).or_insert(Received {
            first,
            last,
            number,
            refused: false,
        });
    }

    /// A process uses a token that it took at this moment: it sends it or hands it out. No clock may have said
    /// since then that it has expired.
    pub(crate) fn token_used(&mut self, process: Process, kind: Kind, token: &str, taken: Moment) {
        let expired = [taken, self.now()].map(|at| self.is_used_up(process, token, at, Duration::ZERO));
        if expired == [true, true] {
            self.broken(format_args!("process {process} uses {token}, which has expired"));
        }
        let Judge { present, tokens, .. } = &mut self.judge;
        let number = |token: &String| tokens.get(&(process, token.clone())).map(|token| token.number);
        let token = token.to_owned();
        let newest = present.entry((process, kind)).or_insert_with(|| token.clone());
        if number(newest) < number(&token) {
            *newest = token;
        }
    }

    /// Whether one of the clocks left a token no more than `ttl`, whenever the fetch that brought it began.
    pub(crate) fn is_used_up(&self, process: Process, token: &str, at: Moment, ttl: Duration) -> bool {
        self.used_up(process, token, at, ttl).all(|used_up| used_up)
    }

    /// The same for each moment when the fetch that brought the token may have begun.
    fn used_up(
        &self,
        process: Process,
        token: &str,
        at: Moment,
        ttl: Duration,
    ) -> impl Iterator<Item = bool> {
        let lifetime = self.judge.lifetimes.get(token).copied().unwrap_or_default();
        self.ages(process, token, at).map(move |age| age + ttl >= lifetime)
    }

    /// How old a token can be by the clock of the process that says more: one age for each moment when the fetch that brought it
    /// may have begun.
    pub(crate) fn ages(&self, process: Process, token: &str, at: Moment) -> impl Iterator<Item = Duration> {
        let Judge { tokens, moments, limits, .. } = &self.judge;
        let received = tokens.get(&(process, token.to_owned()));
        let received = received.into_iter().flat_map(|received| [received.first, received.last]);
        received.flat_map(move |(age, came)| {
            let earliest = came.monotonic.saturating_sub(limits.fetch_timeout);
            let begun = moments.partition_point(|moment| moment.monotonic < earliest);
            let begun = moments[begun..].iter().copied();
            let begun = begun.take_while(move |begun| begun.monotonic < came.monotonic).chain([came]);
            begun.map(move |begun| age + begun.elapsed(&at))
        })
    }

    /// The token that a credential can certainly use: it was used before, was not refused, and is not near its expiry.
    pub(crate) fn valid_token(&self, process: Process, kind: Kind) -> Option<String> {
        let token = self.judge.present.get(&(process, kind))?;
        self.is_usable(process, token)?.then(|| token.clone())
    }

    /// Whether a token that was valid when the clocks had been changed so often is valid now, and was all the time.
    pub(crate) fn is_still_valid(&self, process: Process, token: &str, clock_changes: u32) -> bool {
        self.is_usable(process, token) == Some(true)
            && !self.is_replaced(process, token)
            && !self.service.is_revoked(token)
            && self.clock_changes == clock_changes
    }

    /// Whether a token of the same kind that came after this one was refused or expired: the credential has neither any more.
    fn is_replaced(&self, process: Process, token: &str) -> bool {
        let kind = |token: &str| token.split('-').next().map(str::to_owned);
        let number = |token: &str| Some(self.judge.tokens.get(&(process, token.to_owned()))?.number);
        let newer = self.judge.tokens.iter().filter(|((of, name), received)| {
            *of == process && kind(name) == kind(token) && Some(received.number) > number(token)
        });
        newer.into_iter().any(|((_, name), _)| self.is_usable(process, name) != Some(true))
    }

    fn is_usable(&self, process: Process, token: &str) -> Option<bool> {
        let received = self.judge.tokens.get(&(process, token.to_owned()))?;
        let margin = (*self.judge.lifetimes.get(token)? / 10).min(Duration::from_secs(10)) + SLACK;
        // Its age counts from when the fetch began. That of a project token includes the fetch of the user token it asks with.
        let margin = margin + 2 * self.judge.limits.fetch_timeout;
        let certain = !self.used_up(process, token, self.now(), margin).any(|used_up| used_up);
        Some(!received.refused && certain)
    }

    /// The call is held without being polled.
    pub(crate) fn held(&mut self, call: u64) {
        self.judge.held.insert(call, None);
        self.event(format_args!("call {call} is held"));
    }

    /// The call is polled again.
    pub(crate) fn resumed(&mut self, call: u64) {
        let now = self.monotonic();
        self.judge.held.insert(call, Some(now));
        self.event(format_args!("call {call} is polled again"));
        self.moment();
    }

    /// When the call was polled again, if it was held.
    pub(crate) fn resumed_at(&self, call: u64) -> Duration {
        self.judge.held.get(&call).copied().flatten().unwrap_or_default()
    }

    /// What began at `begin` had this much time.
    pub(crate) fn in_time(&mut self, call: u64, begin: Duration, limit: Duration) {
        let (now, end) = (self.monotonic(), (begin + limit).max(self.resumed_at(call)) + SLACK);
        if now > end {
            self.broken(format_args!("call {call} took {:?} and had {limit:?}", now - begin));
        }
    }

    /// A request of an operation arrives.
    pub(crate) fn request_sent(&mut self, process: Process, call: u64, request: &str, idempotent: bool) {
        self.rate_kept(process, call);
        let seen = self.judge.requests.entry(request.to_owned()).or_default();
        seen.sent += 1;
        let healing = std::mem::take(&mut seen.refused);
        let (again, twice) = (seen.sent > 1, seen.may_be_processed && !idempotent);
        let healed_twice = healing && seen.healed;
        seen.healed |= healing;
        seen.may_be_processed = true;
        if twice {
            self.broken(format_args!("call {call} is sent again and may have been processed"));
        }
        if healed_twice {
            self.broken(format_args!("call {call} replaced a refused token twice"));
        }
        if again && !healing {
            self.retry_spent(process);
        }
    }

    fn retry_spent(&mut self, process: Process) {
        // Calls that heal at the same time all see what is left for one.
        const AT_THE_SAME_TIME: u32 = 8;
        let budget = self.judge.limits.retry_budget;
        let traffic = self.judge.traffic.entry(process).or_default();
        traffic.retries += 1;
        if traffic.retries > budget + traffic.succeeded / 10 + AT_THE_SAME_TIME {
            self.broken(format_args!("process {process} retries more than its budget allows"));
        }
    }

    /// The limits of the client for whatever it sends.
    fn rate_kept(&mut self, process: Process, call: u64) {
        if self.judge.held.contains_key(&call) {
            return;
        }
        let now = self.monotonic();
        let Limits { requests_per_second: most_per_second, max_concurrent_requests: most, .. } =
            self.judge.limits;
        // One whose attempt is over gives its place away, also before it is dropped.
        let attempt_timeout = self.judge.limits.attempt_timeout - SLACK;
        let traffic = self.judge.traffic.entry(process).or_default();
        traffic.sent.push(now);
        let since = traffic.sent.partition_point(|at| *at + Duration::from_secs(1) <= now);
        let in_a_second = traffic.sent.len() - since;
        let in_flight = traffic.in_flight.iter().filter(|at| now < **at + attempt_timeout).count();
        traffic.in_flight.push(now);
        if let Some(most) = most_per_second.map(|most| most as usize)
            && in_a_second > most + most / 100 + 1
        {
            self.broken(format_args!("process {process} sent {in_a_second} requests in a second of {most}"));
        }
        if most.is_some_and(|most| in_flight >= most) {
            self.broken(format_args!("process {process} has too many requests in flight"));
        }
    }

    /// A request is in flight no more, be it that it was dropped.
    pub(crate) fn request_over(&mut self, process: Process, sent: Duration) {
        let in_flight = &mut self.judge.traffic.entry(process).or_default().in_flight;
        if let Some(place) = in_flight.iter().position(|at| *at == sent) {
            in_flight.swap_remove(place);
        }
    }

    /// The service has dealt with a request of an operation.
    pub(crate) fn response_sent(&mut self, process: Process, request: &str, outcome: Outcome) {
        let Some(seen) = self.judge.requests.get_mut(request) else { return };
        let in_vain = outcome == Outcome::Refused && seen.healed;
        seen.refused = outcome == Outcome::Refused;
        seen.may_be_processed = matches!(outcome, Outcome::Success | Outcome::Unknown);
        if outcome == Outcome::Success {
            self.success(process);
        }
        if in_vain {
            self.retry_spent(process);
        }
    }

    pub(crate) fn success(&mut self, process: Process) {
        self.judge.traffic.entry(process).or_default().succeeded += 1;
    }

    pub(crate) fn token_refused(&mut self, process: Process, token: &str) {
        if let Some(received) = self.judge.tokens.get_mut(&(process, token.to_owned())) {
            received.refused = true;
        }
    }

    /// A credential asks for a token. Failures make it ask less and less.
    pub(crate) fn token_requested(&mut self, process: Process, kind: Kind) {
        self.rate_kept(process, OF_NO_CALLER);
        let now = self.monotonic();
        let minute = Duration::from_secs(60);
        let requests = self.judge.token_requests.entry((process, kind)).or_default();
        requests.at.push(now);
        let since = requests.at.partition_point(|at| *at + minute <= now);
        let in_a_minute = requests.at.len() - since;
        requests.failed += 1;
        // Three attempts each, with pauses that double from 50 ms to a minute, of which at least half is kept.
        let failed = requests.failed;
        // What failed before the minute decides how long the pauses in it were.
        let most =
            if failed.saturating_sub(u32::try_from(in_a_minute).unwrap_or(u32::MAX)) > 54 { 9 } else { 50 };
        if in_a_minute > most {
            self.broken(format_args!(
                "process {process} asked for a {kind:?} token {in_a_minute} times in a minute, after {failed} failures"
            ));
        }
    }

    /// A credential got its token.
    pub(crate) fn token_granted(&mut self, process: Process, kind: Kind) {
        self.judge.token_requests.entry((process, kind)).or_default().failed = 0;
        self.success(process);
    }

    /// A request for a token was dropped: its attempt's, its call's or its fetch's time must be over, and not only a caller's.
    pub(crate) fn token_request_dropped(&mut self, process: Process, kind: Kind, sent: Duration) {
        let now = self.monotonic();
        let Limits { timeout, attempt_timeout, fetch_timeout, .. } = self.judge.limits;
        let over = |begin: Duration, limit: Duration| {
            let end = begin + limit;
            end <= now + Duration::from_millis(1) && now <= end + SLACK
        };
        let Judge { moments, planned, .. } = &self.judge;
        let mut begins = moments.iter().map(|moment| moment.monotonic).chain(planned.iter().copied());
        // A call that waited for the limits may begin a fetch then, which is no event.
        let explained = self.judge.limits.are_set()
            || over(sent, attempt_timeout)
            || begins.any(|begin| over(begin, fetch_timeout) || over(begin, timeout));
        if !explained {
            self.broken(format_args!(
                "process {process}: the fetch of a {kind:?} token died with its caller"
            ));
        }
    }
}
