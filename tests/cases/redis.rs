//! Redis.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::auth::{AccessToken, FetchedToken, RedisTokenStore, TokenCache};

type Entries = HashMap<Vec<u8>, (Vec<u8>, Instant)>;

/// A server that knows GET, SET, PTTL, DEL, MULTI, EXEC, and of EVAL the script that deletes what has a given value.
/// It closes connections that are idle for `idle`, and says `pttl` for every entry, if given.
fn redis(idle: Option<Duration>, pttl: Option<i64>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let entries: Arc<Mutex<Entries>> = Arc::default();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let entries = entries.clone();
            std::thread::spawn(move || serve(connection, idle, pttl, &entries));
        }
    });
    url
}

fn serve(
    connection: TcpStream,
    idle: Option<Duration>,
    pttl: Option<i64>,
    entries: &Mutex<Entries>,
) -> Option<()> {
    connection.set_read_timeout(idle).ok()?;
    let mut writer = connection.try_clone().ok()?;
    let mut reader = BufReader::new(connection);
    let mut queued: Option<Vec<Vec<u8>>> = None;
    loop {
        let command = command(&mut reader)?;
        let name = String::from_utf8_lossy(&command[0]).to_uppercase();
        let reply = match (name.as_str(), &mut queued) {
            ("MULTI", _) => {
                queued = Some(vec![]);
                b"+OK\r\n".to_vec()
            }
            ("EXEC", Some(replies)) => {
                let whole = [format!("*{}\r\n", replies.len()).into_bytes(), replies.concat()].concat();
                queued = None;
                whole
            }
            (_, Some(replies)) => {
                replies.push(reply(&name, &command, pttl, entries));
                b"+QUEUED\r\n".to_vec()
            }
            (_, None) => reply(&name, &command, pttl, entries),
        };
        writer.write_all(&reply).ok()?;
    }
}

fn command(reader: &mut BufReader<TcpStream>) -> Option<Vec<Vec<u8>>> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let words: usize = line.trim().strip_prefix('*')?.parse().ok()?;
    let mut command = vec![];
    for _ in 0..words {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let length: usize = line.trim().strip_prefix('$')?.parse().ok()?;
        let mut word = vec![0; length + 2];
        reader.read_exact(&mut word).ok()?;
        word.truncate(length);
        command.push(word);
    }
    Some(command)
}

fn reply(name: &str, command: &[Vec<u8>], pttl: Option<i64>, entries: &Mutex<Entries>) -> Vec<u8> {
    let mut entries = entries.lock().unwrap();
    let now = Instant::now();
    if pttl.is_none() {
        entries.retain(|_, (_, end)| *end > now);
    }
    match name {
        "GET" => match entries.get(&command[1]) {
            Some((value, _)) => [format!("${}\r\n", value.len()).as_bytes(), value, b"\r\n"].concat(),
            None => b"$-1\r\n".to_vec(),
        },
        "PTTL" => {
            let left = entries.get(&command[1]).map_or(-2, |(_, end)| {
                pttl.unwrap_or(i64::try_from(end.duration_since(now).as_millis()).unwrap())
            });
            format!(":{left}\r\n").into_bytes()
        }
        "DEL" => format!(":{}\r\n", u8::from(entries.remove(&command[1]).is_some())).into_bytes(),
        "EVAL" => {
            let equal = entries.get(&command[3]).is_some_and(|(value, _)| *value == command[4]);
            if equal {
                entries.remove(&command[3]);
            }
            format!(":{}\r\n", u8::from(equal)).into_bytes()
        }
        "SET" => {
            let options: Vec<String> =
                command[3..].iter().map(|word| String::from_utf8_lossy(word).to_uppercase()).collect();
            if options.iter().any(|option| option == "NX") && entries.contains_key(&command[1]) {
                return b"$-1\r\n".to_vec();
            }
            let px = options.iter().position(|option| option == "PX").and_then(|n| options.get(n + 1));
            let lives = Duration::from_millis(px.map_or(1_000_000, |px| px.parse().unwrap()));
            entries.insert(command[1].clone(), (command[2].clone(), now + lives));
            b"+OK\r\n".to_vec()
        }
        _ => b"+OK\r\n".to_vec(),
    }
}

fn cache(url: &str, lifetime: Duration, fetches: &Arc<AtomicUsize>) -> TokenCache {
    let fetches = fetches.clone();
    let source = move || {
        let n = fetches.fetch_add(1, SeqCst);
        async move { Ok(FetchedToken::new(AccessToken::new(format!("token-{n}"))?, Some(lifetime))) }
    };
    let store = RedisTokenStore::new(url, [7; 32]).unwrap();
    TokenCache::builder(source).store(Arc::new(store), "name").build()
}

// Tried: Redis closes connections that are idle for 150 ms; one store, three caches with one name, 300 ms apart.
// Expected: the token of the first serves all: an operation is tried once more when its connection was closed.
#[tokio::test]
async fn an_idle_connection_that_redis_closed_is_replaced() {
    let url = redis(Some(Duration::from_millis(150)), None);
    let store = Arc::new(RedisTokenStore::new(url, [7; 32]).unwrap());
    let fetches = Arc::new(AtomicUsize::new(0));
    let mut tokens = vec![];
    for _ in 0..3 {
        let fetches = fetches.clone();
        let source = move || {
            let n = fetches.fetch_add(1, SeqCst);
            let token = AccessToken::new(format!("token-{n}"));
            async move { Ok(FetchedToken::new(token?, Some(Duration::from_secs(300)))) }
        };
        let cache = TokenCache::builder(source).store(store.clone(), "name").build();
        tokens.push(cache.token().await.unwrap().secret().to_owned());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(tokens, ["token-0"; 3]);
}

// Tried: whoever writes to Redis, without the encryption key, gives a token of 2 s an hour (PEXPIRE).
// Expected: 4 s later it is expired all the same: the moment of issue is sealed with it, and the older age wins.
#[tokio::test]
async fn redis_cannot_make_an_old_token_young() {
    let url = redis(None, Some(3_600_000));
    let (fetches, lifetime) = (Arc::new(AtomicUsize::new(0)), Duration::from_secs(2));
    let first = cache(&url, lifetime, &fetches).token().await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    let second = cache(&url, lifetime, &fetches).token_with_min_ttl(Duration::from_secs(1)).await.unwrap();
    assert_ne!(first, second);
}
