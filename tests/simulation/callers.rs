//! The simulated program: what calls, and how long it has patience.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::auth::{AccessToken, PersonalAccessToken};
use crate::judge::{Kind, Process};
use crate::service::CALL;
use crate::world::{self, World};
use crate::{Client, Error, models};

/// One who calls.
pub(crate) struct Caller {
    pub(crate) number: u64,
    pub(crate) process: Process,
    pub(crate) client: Client,
    pub(crate) credential: PersonalAccessToken,
    /// Closed at the end of the scenario.
    pub(crate) end: Arc<Semaphore>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Whoami,
    Principals,
    Create,
    /// Lists everything, and thinks about each item.
    List {
        prefetch: usize,
        thinks: Duration,
    },
    /// Wants a token, perhaps one that stays valid for some time.
    Token(Kind, Option<Duration>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Patience {
    Waits,
    /// Drops the call after this time, as `select!` does.
    GivesUp(Duration),
    /// Aborts the task of the call after this time.
    Aborts(Duration),
    /// Polls once, then not for this time or until the end, and then drops the call or goes on.
    Holds {
        pause: Option<Duration>,
        then_drops: bool,
    },
}

impl Act {
    pub(crate) fn random(world: &mut World) -> Self {
        let kind = world.random.pick(&[Kind::User, Kind::Project]);
        match world.random.in_range(0..100) {
            0..25 => Self::Whoami,
            25..50 => Self::Principals,
            50..65 => Self::Create,
            65..75 => Self::List {
                prefetch: world.random.in_range(0..2) as usize,
                thinks: world.random.milliseconds(1..5000),
            },
            75..92 => Self::Token(kind, None),
            _ => Self::Token(kind, Some(world.service.lifetime.mul_f64(world.random.fraction()))),
        }
    }
}

impl Patience {
    pub(crate) fn random(world: &mut World) -> Self {
        let time = world.random.milliseconds(1..20_000);
        match world.random.in_range(0..100) {
            0..50 => Self::Waits,
            50..65 => Self::GivesUp(time),
            65..80 => Self::Aborts(time),
            _ => Self::Holds {
                pause: (!world.random.percent(25)).then_some(time),
                then_drops: world.random.percent(30),
            },
        }
    }
}

impl Caller {
    /// Acts as long as the patience lasts.
    pub(crate) async fn run(self, act: Act, patience: Patience, limit: Duration) {
        let (number, end) = (self.number, self.end.clone());
        let acting = self.act(act, limit);
        match patience {
            Patience::Waits => acting.await,
            Patience::GivesUp(after) => {
                if timeout(after, acting).await.is_err() {
                    world::with(|world| world.event(format_args!("call {number} is dropped")));
                }
            }
            Patience::Aborts(after) => {
                let task = tokio::spawn(acting);
                sleep(after).await;
                task.abort();
                if let Err(error) = task.await
                    && error.is_panic()
                {
                    std::panic::resume_unwind(error.into_panic());
                }
            }
            Patience::Holds { pause, then_drops } => {
                let mut acting = pin!(acting);
                if poll_fn(|context| Poll::Ready(acting.as_mut().poll(context).is_ready())).await {
                    return;
                }
                world::with(|world| world.held(number));
                match pause {
                    Some(pause) => sleep(pause).await,
                    None => drop(end.acquire().await),
                }
                if !then_drops {
                    world::with(|world| world.resumed(number));
                    acting.await;
                }
            }
        }
    }

    async fn act(self, act: Act, limit: Duration) {
        let Self { number, process, client, credential, .. } = &self;
        let (number, process) = (*number, *process);
        world::with(|world| {
            world.event(format_args!("call {number} of process {process}: {act:?} within {limit:?}"));
            world.begun(number, limit);
        });
        let begin = Begin::of(number, process, act.kind());
        match act {
            Act::Whoami => {
                let call = client.sts().whoami().timeout(limit).header(CALL, number.to_string());
                begin.call_ended(limit, call.await.err());
            }
            Act::Principals => {
                let call = client.projects().list_principals_of_project().timeout(limit);
                begin.call_ended(limit, call.header(CALL, number.to_string()).await.err());
            }
            Act::Create => {
                let call = client.projects().create_project(models::CreateProjectInput::new("demo"));
                let call = call.timeout(limit).header(CALL, number.to_string());
                begin.call_ended(limit, call.await.err());
            }
            Act::List { prefetch, thinks } => {
                let call = client.projects().list_project().timeout(limit);
                let mut items = call.header(CALL, number.to_string()).into_stream().prefetch(prefetch);
                for expected in 0.. {
                    let mut begin = Begin::of(number, process, Kind::User);
                    if prefetch > 0 {
                        // What fails may have begun earlier.
                        begin.valid = None;
                    }
                    match items.try_next().await {
                        Ok(item) => {
                            begin.call_ended(limit, None);
                            let item = item.map(|item| item.id);
                            let wanted = (expected < 8).then(|| format!("p-{expected}"));
                            if item != wanted {
                                let broken = format!("call {number}: {item:?} comes instead of {wanted:?}");
                                world::with(|world| world.broken(broken));
                            }
                            if item.is_none() {
                                break;
                            }
                        }
                        Err(error) => {
                            begin.call_ended(limit, Some(error));
                            break;
                        }
                    }
                    sleep(thinks).await;
                }
            }
            Act::Token(kind, ttl) => {
                let token = match (kind, ttl) {
                    (Kind::User, None) => credential.user_token().await,
                    (Kind::User, Some(ttl)) => credential.user_token_with_min_ttl(ttl).await,
                    (Kind::Project, None) => credential.project_token().await,
                    (Kind::Project, Some(ttl)) => credential.project_token_with_min_ttl(ttl).await,
                };
                begin.token_came(kind, ttl, token);
            }
        }
    }
}

impl Act {
    /// The credential that it needs.
    fn kind(self) -> Kind {
        match self {
            Self::Whoami | Self::Create | Self::List { .. } => Kind::User,
            Self::Principals => Kind::Project,
            Self::Token(kind, _) => kind,
        }
    }
}

/// What was known when a call began.
struct Begin {
    number: u64,
    process: Process,
    kind: Kind,
    at: Duration,
    valid: Option<String>,
    clock_changes: u32,
}

impl Begin {
    fn of(number: u64, process: Process, kind: Kind) -> Self {
        world::with(|world| {
            world.moment();
            let (at, clock_changes) = (world.monotonic(), world.clock_changes);
            Self { number, process, kind, at, valid: world.valid_token(process, kind), clock_changes }
        })
    }

    fn call_ended(self, limit: Duration, error: Option<Error>) {
        world::with(|world| {
            let Self { number, process, kind, at, valid, clock_changes } = self;
            let said = error.as_ref().map(ToString::to_string);
            world.event(format_args!("call {number} ended: {}", said.as_deref().unwrap_or("success")));
            world.moment();
            world.in_time(number, at, limit);
            let (Some(error), Some(valid)) = (error, valid) else { return };
            if !world.is_still_valid(process, &valid, clock_changes) {
                return;
            }
            let unsent = error.is_timeout() && error.attempts() == 0 && !world.judge.limits.are_set();
            if error.is_credential() || unsent {
                world.broken(format_args!(
                    "call {number} failed for want of a {kind:?} token, and process {process} had {valid}: {error}"
                ));
            }
        });
    }

    fn token_came(self, kind: Kind, ttl: Option<Duration>, token: Result<AccessToken, Error>) {
        world::with(|world| {
            let Self { number, process, at, valid, clock_changes, .. } = self;
            let token = token.map(|token| token.secret().to_owned());
            world.event(format_args!("call {number} got {token:?}"));
            world.moment();
            // A fetch of somebody else may bring nothing for this caller, and then comes its own, three in all. One that was held may
            // have to begin anew.
            let begin = at.max(world.resumed_at(number));
            world.in_time(number, begin, 3 * world.judge.limits.fetch_timeout);
            if let Ok(token) = &token {
                let now = world.now();
                world.token_used(process, kind, token, now);
                if ttl.is_some_and(|ttl| world.is_used_up(process, token, now, ttl)) {
                    world.broken(format_args!("call {number} got a token with less than {ttl:?} left"));
                }
            }
            if let (None, Some(valid)) = (ttl, valid)
                && (token.is_err() || world.monotonic() > at)
                && world.is_still_valid(process, &valid, clock_changes)
            {
                world.broken(format_args!("call {number} had to wait for a token although {valid} is valid"));
            }
        });
    }
}
