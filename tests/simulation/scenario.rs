//! One seed from beginning to end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance, sleep, timeout};

use crate::auth::PersonalAccessToken;
use crate::callers::{Act, Caller, Patience};
use crate::judge::{Limits, Process};
use crate::service::{BASE_URL, CALL, Connection, Fault, TOKEN_ENDPOINT, Weather};
use crate::store::{Store, Trouble};
use crate::world::{self, World};
use crate::{Client, Error};

const KEY: &str = include_str!("../auth/keys/p256.pem");

/// Simulates a seed. Returns its trace, and the promise that was broken.
pub(crate) fn simulate(seed: u64) -> (Vec<String>, Option<String>) {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let panic = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            // Where the clock begins with the machine, it could not express the age of a token otherwise.
            advance(Duration::from_secs(36_000)).await;
            world::begin(seed);
            let mut scenario = Scenario::random();
            scenario.play().await;
            scenario.suffer().await;
            scenario.finish().await;
        });
    }));
    let World { trace, broken, .. } = world::end();
    (trace, broken.or(panic.err().map(|_| "something panicked".to_owned())))
}

struct Scenario {
    processes: Vec<(Client, PersonalAccessToken)>,
    calls: Vec<JoinHandle<()>>,
    /// Closed at the end, which callers wait for that hold their calls until then.
    end: Arc<Semaphore>,
}

fn is_broken() -> bool {
    world::with(|world| world.broken.is_some())
}

impl Scenario {
    fn random() -> Self {
        let (limits, processes, with_store) = world::with(|world| {
            let limits = Limits::random(world);
            world.service.lifetime = Duration::from_secs(world.random.pick(&[20, 60, 300, 3600]));
            world.judge.limits = limits.clone();
            let processes = world.random.pick(&[1, 1, 2]);
            let with_store = world.random.percent(if processes > 1 { 80 } else { 40 });
            let lifetime = world.service.lifetime;
            world.event(format_args!(
                "{processes} processes, store: {with_store}, tokens of {lifetime:?}, {limits:?}"
            ));
            (limits, processes, with_store)
        });
        let processes = (0..processes).map(|process| limits.process(process, with_store).unwrap()).collect();
        Self { processes, calls: Vec::new(), end: Arc::new(Semaphore::new(0)) }
    }

    async fn play(&mut self) {
        let steps = world::with(|world| world.random.in_range(10..50));
        for _ in 0..steps {
            if is_broken() {
                return;
            }
            match world::with(|world| world.random.in_range(0..100)) {
                0..60 => {
                    for _ in 0..world::with(|world| world.random.in_range(1..5)) {
                        self.call();
                    }
                }
                _ => world::with(World::change),
            }
            sleep(world::with(World::gap)).await;
        }
    }

    /// Sometimes an outage of the service's tokens follows, while the program goes on calling.
    async fn suffer(&mut self) {
        let lasts = world::with(|world| {
            let lasts = world.random.percent(4).then(|| Duration::from_secs(world.random.in_range(60..400)));
            if lasts.is_some() {
                world.service.tokens = Weather { percent: 100, ..Weather::random(world) };
                world.service.revoke_all();
                let weather = format!("tokens: {:?}, for {lasts:?}", world.service.tokens);
                world.event(weather);
            }
            lasts.unwrap_or_default()
        });
        let begin = Instant::now();
        while begin.elapsed() < lasts && !is_broken() {
            self.call();
            sleep(world::with(|world| world.random.milliseconds(100..1_500))).await;
        }
    }

    fn call(&mut self) {
        let (process, act, patience, limit) = world::with(|world| {
            let process = world.random.in_range(0..self.processes.len() as u64) as Process;
            let limit = world.random.milliseconds(50..60_000);
            (process, Act::random(world), Patience::random(world), limit)
        });
        let (client, credential) = self.processes[process].clone();
        let number = self.calls.len() as u64 + 1;
        let caller = Caller { number, process, client, credential, end: self.end.clone() };
        self.calls.push(tokio::spawn(caller.run(act, patience, limit)));
    }

    /// All trouble ends. Then everything recovers, ends, and leaves nothing behind.
    async fn finish(mut self) {
        world::with(|world| {
            world.event("all trouble ends");
            world.service.operations = Weather::default();
            world.service.tokens = Weather::default();
            world.trouble_store(None);
        });
        for process in 0..self.processes.len() {
            self.recover(process).await;
        }
        self.end.close();
        for call in std::mem::take(&mut self.calls) {
            const LONG: Duration = Duration::from_secs(3600);
            match timeout(LONG, call).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => world::with(|world| world.broken(format_args!("a call panicked: {error}"))),
                Err(_) => world::with(|world| world.broken("a call waits for ever")),
            }
            if is_broken() {
                return;
            }
        }
        // Fetches that nobody waits for may still be in flight, and a while later no longer.
        sleep(Duration::from_secs(3)).await;
        world::with(World::check_leases);
        sleep(Duration::from_secs(60)).await;
        drop(self);
        sleep(Duration::from_secs(5)).await;
        let tasks = Handle::current().metrics().num_alive_tasks();
        if tasks > 0 {
            world::with(|world| world.broken(format_args!("{tasks} tasks are left behind")));
        }
    }

    /// Calls of a process succeed again after the longest pauses, also while other calls are held.
    async fn recover(&self, process: Process) {
        // A pause of a minute for the user token and then one for the project token, and what calls before take of the limits.
        const SECONDS: usize = 200;
        // Numbers that no caller has.
        const LATE: usize = 1_000_000;
        let (client, _) = &self.processes[process];
        let limit = Duration::from_secs(5);
        for second in 0..SECONDS {
            let begin = |which: usize| {
                let call = (LATE + (process * SECONDS + second) * 2 + which) as u64;
                world::with(|world| world.begun(call, limit));
                call.to_string()
            };
            let user = client.sts().whoami().timeout(limit).header(CALL, begin(0)).await;
            let project = client.projects().list_principals_of_project().timeout(limit);
            let project = project.header(CALL, begin(1)).await;
            match (user, project) {
                (Ok(_), Ok(_)) => return,
                _ if is_broken() => return,
                (user, project) => {
                    let errors =
                        [user.err(), project.err()].map(|error| error.map(|error| error.to_string()));
                    world::with(|world| world.event(format_args!("process {process} recovers: {errors:?}")));
                }
            }
            sleep(Duration::from_secs(1)).await;
        }
        world::with(|world| world.broken(format_args!("process {process} does not recover")));
    }
}

impl Limits {
    fn random(world: &mut World) -> Self {
        let random = &mut world.random;
        let seconds = Duration::from_secs;
        Self {
            timeout: seconds(random.pick(&[10, 30, 60])),
            attempt_timeout: seconds(random.pick(&[1, 3, 10])),
            fetch_timeout: seconds(random.pick(&[2, 5, 8, 30])),
            retry_budget: random.pick(&[3, 10, 50]),
            max_concurrent_requests: random.percent(30).then(|| random.pick(&[1, 2, 8])),
            requests_per_second: random.percent(25).then(|| random.pick(&[5, 20, 100])),
        }
    }

    fn process(&self, process: Process, with_store: bool) -> Result<(Client, PersonalAccessToken), Error> {
        let credential = PersonalAccessToken::builder()
            .token_id("token")
            .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
            .private_key_pem(KEY)
            .token_endpoint(TOKEN_ENDPOINT)
            .fetch_timeout(self.fetch_timeout);
        let credential = if with_store { credential.store(Store(process)) } else { credential }.build()?;
        let mut client = Client::builder()
            .base_url(BASE_URL)
            .transport(Connection(process))
            .timeout(self.timeout)
            .attempt_timeout(self.attempt_timeout)
            .retry_budget(self.retry_budget)
            .personal_access_token(credential.clone());
        if let Some(most) = self.max_concurrent_requests {
            client = client.max_concurrent_requests(most);
        }
        if let Some(most) = self.requests_per_second {
            client = client.requests_per_second(most);
        }
        Ok((client.build()?, credential))
    }
}

impl World {
    /// How long until the next step.
    fn gap(&mut self) -> Duration {
        let lifetime = self.service.lifetime;
        match self.random.in_range(0..100) {
            0..40 => self.random.milliseconds(1..20),
            40..75 => self.random.milliseconds(20..2_000),
            75..90 => self.random.milliseconds(2_000..20_000),
            _ => lifetime.mul_f64(0.5 + 0.6 * self.random.fraction()),
        }
    }

    /// Changes what happens to the processes.
    fn change(&mut self) {
        match self.random.in_range(0..100) {
            0..30 => {
                self.service.operations = Weather::any(self);
                let weather = format!("{:?}", self.service.operations);
                self.event(format_args!("operations: {weather}"));
            }
            30..60 => {
                self.service.tokens = Weather::any(self);
                let weather = format!("{:?}", self.service.tokens);
                self.event(format_args!("tokens: {weather}"));
            }
            60..75 => {
                let trouble = self.random.pick(&[
                    None,
                    Some(Trouble::Fails),
                    Some(Trouble::Hangs),
                    Some(Trouble::Forgets),
                ]);
                self.trouble_store(trouble);
            }
            75..80 => self.empty_store(),
            80..86 => {
                let duration = self.random.milliseconds(100..40_000_000);
                self.suspend(duration);
            }
            86..92 => {
                let seconds = self.random.milliseconds(1_000..100_000_000).as_secs() as i64;
                let sign = self.random.pick(&[1, -1]);
                self.set_date(sign * seconds);
            }
            _ => {
                self.event("the service revokes all tokens");
                self.service.revoke_all();
            }
        }
    }
}

impl Weather {
    fn any(world: &mut World) -> Self {
        if world.random.percent(25) { Self::default() } else { Self::random(world) }
    }

    /// Any of the faults.
    fn random(world: &mut World) -> Self {
        let random = &mut world.random;
        let statuses = [500, 503, 429, 502, 400, 408];
        let retry_after = random.percent(50).then(|| random.in_range(0..20));
        let fault = match random.in_range(0..7) {
            0 => Fault::Hang,
            1 => Fault::Connect,
            2 => Fault::Lost,
            3 => Fault::Garbled,
            4 => Fault::Refuse,
            _ => Fault::Status(random.pick(&statuses), retry_after),
        };
        let another = Fault::Status(random.pick(&statuses), retry_after);
        Self {
            percent: random.pick(&[20, 50, 90, 100]),
            faults: vec![fault, fault, another],
            slowest: random.pick(&[0, 0, 1_000, 5_000, 20_000]),
        }
    }
}
