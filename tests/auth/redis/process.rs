//! Redis processes on free ports of this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::auth::RedisTokenStore;

/// How long anything may take that a test waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Redis server, or a sentinel, that runs as long as the value lives.
pub struct Process {
    child: Child,
    pub port: u16,
    directory: PathBuf,
    password: Option<String>,
}

impl Process {
    /// A server with these settings beside the usual ones.
    pub fn server(settings: &[&str]) -> Self {
        Self::start(settings, |_| {})
    }

    /// A server whose users need a password.
    pub fn with_password(password: &str, settings: &[&str]) -> Self {
        let settings = [&["--requirepass", password, "--masterauth", password], settings].concat();
        let mut process = Self::start(&settings, |_| {});
        process.password = Some(password.to_owned());
        process.await_replies();
        process
    }

    /// A sentinel, alone in its decisions, which watches the service `mymaster`.
    pub fn sentinel(master: u16, more: &[&str], prepare: impl Fn(&Path)) -> Self {
        let mut text = format!(
            "sentinel monitor mymaster 127.0.0.1 {master} 1\n\
             sentinel down-after-milliseconds mymaster 500\n\
             sentinel failover-timeout mymaster 2000\n"
        );
        more.iter().for_each(|line| text.extend([*line, "\n"]));
        let write = |directory: &Path| {
            std::fs::write(directory.join("sentinel.conf"), &text).unwrap();
            prepare(directory);
        };
        Self::start(&["sentinel.conf", "--sentinel"], write)
    }

    pub fn start(settings: &[&str], prepare: impl Fn(&Path)) -> Self {
        // Somebody else may take a free port before the server does.
        for _ in 0..5 {
            let port = free_port();
            let directory =
                std::env::temp_dir().join(format!("affinidi-redis-{}-{port}", std::process::id()));
            std::fs::create_dir_all(&directory).unwrap();
            prepare(&directory);
            let port_text = port.to_string();
            let mut command = Command::new("redis-server");
            let (file, settings) = match settings {
                [file, rest @ ..] if !file.starts_with('-') => (Some(file), rest),
                _ => (None, settings),
            };
            command.args(file).args(["--port", &port_text, "--bind", "127.0.0.1"]).args(settings);
            if file.is_none() {
                command.args(["--save", "", "--appendonly", "no"]);
            }
            let child = command.current_dir(&directory).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            let child = child.expect("redis-server is not installed (Debian: apt-get install redis-server)");
            let mut process = Self { child, port, directory, password: None };
            if process.is_up() {
                return process;
            }
        }
        panic!("no Redis server started");
    }

    /// Whether it replies at all, be it that a password is missing.
    fn is_up(&mut self) -> bool {
        let start = Instant::now();
        while start.elapsed() < PATIENCE && self.child.try_wait().unwrap().is_none() {
            if self.reply(&["PING"]).is_some_and(|reply| !reply.is_empty()) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    fn await_replies(&self) {
        assert!(self.command(&["PING"]).starts_with("+PONG"));
    }

    /// Makes the user `iam` as the guide does.
    pub fn add_user_of_guide(&self, password: &str) {
        let guide = include_str!("../../../docs/guides/fleet.md");
        let rules: Vec<_> = guide.lines().filter(|line| line.starts_with("ACL SETUSER")).collect();
        assert!(!rules.is_empty());
        for rule in rules {
            let rule = rule.replace("PASSWORD", password);
            let reply = self.command(&rule.split(' ').collect::<Vec<_>>());
            assert!(reply.starts_with("+OK"), "{reply}");
        }
    }

    pub fn url(&self) -> String {
        match &self.password {
            Some(password) => format!("redis://:{password}@127.0.0.1:{}", self.port),
            None => format!("redis://127.0.0.1:{}", self.port),
        }
    }

    pub fn store(&self, key: [u8; 32]) -> RedisTokenStore {
        RedisTokenStore::new(self.url(), key).unwrap()
    }

    /// The reply to a command, as it is on the wire.
    pub fn command(&self, words: &[&str]) -> String {
        self.reply(words).expect("the Redis server does not respond")
    }

    /// Sends one command in the protocol's own form (RESP) and reads what comes at once.
    fn reply(&self, words: &[&str]) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let mut exchange = |words: &[&str]| {
            let mut text = format!("*{}\r\n", words.len());
            words.iter().for_each(|word| text.push_str(&format!("${}\r\n{word}\r\n", word.len())));
            stream.write_all(text.as_bytes()).ok()?;
            let mut reply = vec![0; 1 << 16];
            let length = stream.read(&mut reply).ok()?;
            Some(String::from_utf8_lossy(&reply[..length]).into_owned())
        };
        if let Some(password) = &self.password {
            exchange(&["AUTH", password])?;
        }
        exchange(words)
    }

    /// Waits until the reply to a command has this in it.
    pub fn await_reply(&self, words: &[&str], expected: &str) {
        let start = Instant::now();
        let mut last = None;
        while start.elapsed() < PATIENCE {
            last = self.reply(words);
            if last.as_ref().is_some_and(|reply| reply.contains(expected)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{words:?} never replied {expected}, but {last:?}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Three masters, and a replica of the first.
pub struct Cluster {
    pub masters: Vec<Process>,
    pub replica: Process,
}

impl Cluster {
    pub fn start() -> Self {
        let node = || {
            let bus = free_port();
            let settings = [
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                &bus.to_string(),
                "--cluster-node-timeout",
                "1000",
                "--cluster-replica-validity-factor",
                "0",
                "--repl-diskless-sync-delay",
                "0",
            ];
            (Process::server(&settings), bus)
        };
        let nodes: Vec<(Process, u16)> = (0..4).map(|_| node()).collect();
        let slots = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];
        for (n, ((node, _), (first, last))) in nodes.iter().zip(slots).enumerate() {
            node.command(&["CLUSTER", "ADDSLOTSRANGE", first, last]);
            node.command(&["CLUSTER", "SET-CONFIG-EPOCH", &(n + 1).to_string()]);
        }
        for (node, bus) in &nodes[1..] {
            let (port, bus) = (node.port.to_string(), bus.to_string());
            nodes[0].0.command(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus]);
        }
        for (node, _) in &nodes {
            node.await_reply(&["CLUSTER", "INFO"], "cluster_known_nodes:4");
            node.await_reply(&["CLUSTER", "INFO"], "cluster_state:ok");
        }
        let mut masters: Vec<Process> = nodes.into_iter().map(|(node, _)| node).collect();
        let replica = masters.pop().unwrap();
        let id = masters[0].command(&["CLUSTER", "MYID"]);
        replica.await_reply(&["CLUSTER", "REPLICATE", id.lines().nth(1).unwrap()], "+OK");
        replica.await_reply(&["INFO", "replication"], "master_link_status:up");
        // The others learn of the replica.
        for master in &masters {
            master.await_reply(&["CLUSTER", "NODES"], "slave");
        }
        Self { masters, replica }
    }

    /// A key whose entries are kept by the first master.
    pub fn key_of_first_master(&self) -> String {
        let mut keys = (0..1000).map(|n| format!("k{n}"));
        let of_first = |key: &String| {
            let reply =
                self.masters[0].command(&["CLUSTER", "KEYSLOT", &format!("affinidi-iam:{{token:{key}}}")]);
            reply[1..].trim().parse::<u16>().unwrap() <= 5460
        };
        keys.find(of_first).unwrap()
    }
}

/// Waits until the store keeps and returns a token again.
pub async fn await_store(store: &RedisTokenStore, key: &str) {
    use affinidi_tdk_iam_client::auth::TokenStore as _;
    let start = Instant::now();
    let mut last = None;
    while start.elapsed() < PATIENCE {
        match store.put(key, &super::token("after", 300)).await {
            Ok(()) if store.get(key).await.is_ok_and(|found| found.is_some()) => return,
            outcome => last = outcome.err(),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the store never recovered: {last:?}");
}
