//! Measures, and prints the table; see `benches/run`.

use std::collections::HashMap;
use std::error::Error;
use std::process::{Command, ExitCode, Stdio};

use benches::allocations::ALLOCATOR;
use benches::callers::by_hyper::ByHyper;
use benches::callers::by_reqwest::ByReqwest;
use benches::instructions::{cargo, count};
use benches::row::{Limit, Row, table};
use benches::rows::{calls, counted, paging, tenants, tokens};
use benches::server::{self, Server};
use stats_alloc::StatsAlloc;

#[global_allocator]
static GLOBAL: &StatsAlloc<std::alloc::System> = ALLOCATOR;

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
const STOCK_MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/stock-client/Cargo.toml");
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const MARKERS: [&str; 2] =
    ["<!-- written by benches/run --markdown -->\n", "<!-- end of what is written -->\n"];

const BY_REQWEST: &str = "`reqwest` by hand";
const BY_HYPER: &str = "`hyper` by hand";

// What `--check` insists on.
const CALL_INSTRUCTIONS: Limit = Limit::Ratio(0.95);
const CALL_ALLOCATIONS: Limit = Limit::Ratio(1.0);
const MODEL_INSTRUCTIONS: Limit = Limit::Ratio(1.05);
const SIGNING_INSTRUCTIONS: Limit = Limit::Ratio(1.05);
const CACHED_TOKEN_INSTRUCTIONS: Limit = Limit::Ours(200.0);
const COLD_REQUESTS: Limit = Limit::Ours(2.0);
const PAGING_MEMORY: Limit = Limit::Ratio(1.001);
// What the whole table shows as well.
const CACHED_TOKEN: Limit = Limit::Ours(50.0);

/// What is written into a model as the contract has it costs more where the contract is open: it allows further members
/// (`#[serde(flatten)]`), or one of several forms (`#[serde(untagged)]`).
fn model_instructions(what: &str) -> Limit {
    match what {
        "decode `ConsumerAuthTokenEndpointInput`" => Limit::Ratio(1.25),
        "encode `ConsumerAuthTokenEndpointInput`" => Limit::Ratio(1.10),
        "decode `TokenDto`" => Limit::Ratio(1.30),
        _ => MODEL_INSTRUCTIONS,
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let argument = std::env::args().nth(1);
    if argument.as_deref() == Some("serve") {
        tokio::runtime::Runtime::new()?.block_on(server::serve())?;
    }
    let check = argument.as_deref() == Some("--check");
    let server = Server::start()?;
    let calls = count(MANIFEST, "calls", &server)?;
    let mut rows = guarded(&server, &calls)?;
    if !check {
        rows.extend(others(&server, calls)?);
    }
    let table = table(&rows);
    print!("{table}");
    if argument.as_deref() == Some("--markdown") {
        write(&table)?;
    }
    let holds = rows.iter().all(Row::holds);
    Ok(if check && !holds { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What depends neither on the clock nor on other work of the machine. `counted` are the instructions of calls.
fn guarded(server: &Server, counted: &HashMap<String, f64>) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = calls::instructions(counted, "by_reqwest", BY_REQWEST, CALL_INSTRUCTIONS);
    rows.extend(calls::allocations::<ByReqwest>(&server.base_url, BY_REQWEST, CALL_ALLOCATIONS));
    rows.extend(counted::models(&count(MANIFEST, "models", server)?, model_instructions));
    let auth = count(MANIFEST, "auth", server)?;
    rows.extend(counted::tokens(&auth, SIGNING_INSTRUCTIONS));
    rows.push(counted::cached(&auth, CACHED_TOKEN_INSTRUCTIONS));
    rows.extend(tokens::cold(server, COLD_REQUESTS));
    rows.extend(paging::memory(&server.base_url, PAGING_MEMORY));
    Ok(rows)
}

/// Everything else.
fn others(server: &Server, counted: HashMap<String, f64>) -> Result<Vec<Row>, Box<dyn Error>> {
    let url = &server.base_url;
    let mut rows = calls::time_on_processor::<ByReqwest>(url, BY_REQWEST);
    rows.extend(calls::instructions(&counted, "by_hyper", BY_HYPER, Limit::None));
    rows.extend(calls::allocations::<ByHyper>(url, BY_HYPER, Limit::None));
    rows.extend(calls::time_on_processor::<ByHyper>(url, BY_HYPER));
    rows.extend(stock(server, counted)?);
    rows.extend(paging::speed(url));
    rows.extend(tenants::tenants(server));
    rows.extend([tokens::cached(1, Limit::None), tokens::cached(16, CACHED_TOKEN)]);
    Ok(rows)
}

/// The rows beside the stock client, which is generated first.
fn stock(server: &Server, mut counted: HashMap<String, f64>) -> Result<Vec<Row>, Box<dyn Error>> {
    let generate = concat!(env!("CARGO_MANIFEST_DIR"), "/stock-client/generate");
    if !Command::new(generate).stdout(Stdio::null()).status()?.success() {
        return Err("the stock client could not be generated".into());
    }
    counted.extend(count(STOCK_MANIFEST, "stock", server)?);
    let mut rows = calls::instructions(&counted, "stock", "stock client", Limit::None);
    let output = cargo(STOCK_MANIFEST, &["run", "--release"], server).output()?;
    rows.extend(serde_json::from_slice::<Vec<Row>>(&output.stdout)?);
    Ok(rows)
}

/// Puts the table into `README.md`, with the machine.
fn write(table: &str) -> Result<(), Box<dyn Error>> {
    let readme = std::fs::read_to_string(README)?;
    let [before, after] = MARKERS;
    let (head, rest) = readme.split_once(before).ok_or("README.md has no place for the table")?;
    let (_, tail) = rest.split_once(after).ok_or("README.md has no end of the table")?;
    let machine = machine()?;
    std::fs::write(README, format!("{head}{before}{machine}\n\n{table}{after}{tail}"))?;
    Ok(())
}

/// What the figures depend on.
fn machine() -> Result<String, Box<dyn Error>> {
    let processors = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown", |(_, model)| model);
    let cores = std::thread::available_parallelism()?;
    let version = |program: &str| -> Result<String, Box<dyn Error>> {
        let output = Command::new(program).arg("--version").output()?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    };
    let (rustc, valgrind) = (version("rustc")?, version("valgrind")?);
    Ok(format!("Measured on {model}, {cores} cores, with {rustc} and {valgrind}."))
}
