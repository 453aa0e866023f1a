//! Measures, and prints the table; see `benches/run`.

use std::error::Error;
use std::process::{Command, ExitCode, Stdio};

use benches::address::Address;
use benches::allocations::Counting;
use benches::callers::by_hyper::ByHyper;
use benches::callers::by_reqwest::ByReqwest;
use benches::callers::by_reqwest_cheapest::ByReqwestCheapest;
use benches::callers::ours::{OnHyper, Ours};
use benches::callers::{CALLS, Call};
use benches::callgrind::{Counted, cargo, count};
use benches::row::{Limit, Row, table};
use benches::rows::{calls, counted, in_flight, paging, tenants, tokens};
use benches::server::{self, Server};

#[global_allocator]
static GLOBAL: Counting = Counting;

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
const STOCK_MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/stock-client/Cargo.toml");
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const MARKERS: [&str; 2] =
    ["<!-- written by benches/run --markdown -->\n", "<!-- end of what is written -->\n"];

/// The calls that are counted beside `reqwest` by hand.
const COUNTED: [Call; 6] =
    [Call::Token, Call::Projects, Call::Whoami, Call::WhoamiTls, Call::Projects1Mb, Call::Projects8Mb];
const LARGE: [Call; 2] = [Call::Projects1Mb, Call::Projects8Mb];
const SMALL: [Call; 2] = [Call::Token, Call::Whoami];

// What `--check` insists on.
const ALLOCATIONS: [Limit; 2] = [Limit::Ratio(1.0), Limit::Ratio(1.2)];
const CHEAPEST_ALLOCATIONS: [Limit; 2] = [Limit::Ratio(1.06), Limit::Ratio(1.2)];
const ON_HYPER_ALLOCATIONS: [Limit; 2] = [Limit::Ratio(1.0), Limit::Ratio(1.0)];
const FEWER_ALLOCATIONS: [Limit; 2] = [Limit::Ours(30.0), Limit::Ratio(1.0)];
const IN_FLIGHT: [Limit; 2] = [Limit::Ratio(1.05), Limit::Ratio(1.15)];
const AFTER_WAVE: Limit = Limit::Ours(30.0 * 1024.0 * 1024.0);
const TENANT_MEMORY: Limit = Limit::Ratio(0.2);
const SIGNING_INSTRUCTIONS: Limit = Limit::Ratio(1.05);
const CACHED_TOKEN_INSTRUCTIONS: Limit = Limit::Ours(200.0);
const COLD_REQUESTS: Limit = Limit::Ours(2.0);
const PAGING_MEMORY: [Limit; 2] = [Limit::Ratio(1.001), Limit::Ratio(1.0)];

fn instructions(call: Call) -> Limit {
    Limit::Ratio(match call {
        Call::Token => 0.95,
        Call::Projects => 0.9,
        Call::Whoami | Call::WhoamiTls => 0.98,
        Call::Projects1Mb | Call::Projects8Mb => 1.0,
    })
}

fn cheapest_instructions(call: Call) -> Limit {
    Limit::Ratio(match call {
        Call::Token => 1.08,
        Call::Projects => 0.95,
        _ => 1.12,
    })
}

/// With room for what the linker decides.
fn data_misses(call: Call) -> Limit {
    Limit::Ours(if call == Call::Token { 1100.0 } else { 1050.0 })
}

fn on_hyper_instructions(call: Call) -> Limit {
    Limit::Ratio(if call == Call::Projects { 0.87 } else { 0.85 })
}

fn hyper_beside_reqwest(call: Call) -> Limit {
    Limit::Ratio(if call == Call::Projects { 0.75 } else { 0.6 })
}

fn on_hyper_misses(_: Call) -> Limit {
    Limit::Ours(300.0)
}

/// How the pieces of a body arrive decides how often its buffer grows.
fn peak(call: Call) -> Limit {
    Limit::Ratio(if call == Call::Projects1Mb { 1.4 } else { 1.1 })
}

/// What is written into a model as the contract has it costs more where the contract is open: it allows further fields
/// (`#[serde(flatten)]`), or one of several forms (`#[serde(untagged)]`).
fn model_instructions(what: &str) -> Limit {
    Limit::Ratio(match what {
        "decode `ConsumerAuthTokenEndpointInput`" => 1.1,
        "decode `TokenDto`" => 1.3,
        _ => 1.05,
    })
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let argument = std::env::args().nth(1);
    if argument.as_deref() == Some("serve") {
        tokio::runtime::Runtime::new()?.block_on(server::serve())?;
    }
    let check = argument.as_deref() == Some("--check");
    let server = Server::start()?;
    let server = &server.address;
    let calls = count(MANIFEST, "calls", server)?;
    let mut rows = guarded(server, &calls)?;
    if !check {
        rows.extend(others(server, calls)?);
    }
    let table = table(&rows);
    print!("{table}");
    if argument.as_deref() == Some("--markdown") {
        write(&table)?;
    }
    let holds = rows.iter().all(Row::holds);
    Ok(if check && !holds { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What depends neither on the clock nor on other work of the machine. `counted` are the counts of calls.
fn guarded(server: &Address, counted: &Counted) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = calls::instructions::<Ours, ByReqwest>(counted, &COUNTED, instructions);
    rows.extend(calls::instructions::<Ours, ByReqwestCheapest>(counted, &CALLS, cheapest_instructions));
    rows.extend(calls::data_misses::<Ours, ByReqwest>(counted, &SMALL, data_misses));
    rows.extend(calls::data_misses::<Ours, ByReqwestCheapest>(counted, &SMALL, |_| Limit::None));
    rows.extend(calls::allocations::<Ours, ByReqwest>(server, &CALLS, ALLOCATIONS));
    rows.extend(calls::allocations::<Ours, ByReqwestCheapest>(server, &CALLS, CHEAPEST_ALLOCATIONS));
    rows.extend(calls::instructions::<Ours<OnHyper>, ByReqwest>(counted, &CALLS, hyper_beside_reqwest));
    rows.extend(calls::instructions::<Ours<OnHyper>, ByHyper>(counted, &CALLS, on_hyper_instructions));
    rows.extend(calls::data_misses::<Ours<OnHyper>, ByHyper>(counted, &SMALL, on_hyper_misses));
    rows.extend(calls::allocations::<Ours<OnHyper>, ByHyper>(server, &CALLS, ON_HYPER_ALLOCATIONS));
    rows.extend(calls::allocations::<Ours<OnHyper>, ByReqwest>(server, &SMALL, FEWER_ALLOCATIONS));
    rows.extend(calls::peaks::<Ours, ByReqwest>(server, &LARGE, peak));
    rows.extend(in_flight::memory::<Ours, ByReqwest>(server, IN_FLIGHT));
    rows.push(in_flight::after_wave::<Ours, ByReqwest>(server, AFTER_WAVE));
    rows.push(tenants::memory(server, TENANT_MEMORY));
    rows.extend(counted::models(&count(MANIFEST, "models", server)?, model_instructions));
    let auth = count(MANIFEST, "auth", server)?;
    rows.extend(counted::tokens(&auth, SIGNING_INSTRUCTIONS));
    rows.push(counted::cached(&auth, CACHED_TOKEN_INSTRUCTIONS));
    rows.extend(tokens::cold(server, COLD_REQUESTS));
    rows.extend(paging::memory(server, PAGING_MEMORY));
    Ok(rows)
}

/// Everything else.
fn others(server: &Address, counted: Counted) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = calls::instructions::<Ours, ByHyper>(&counted, &CALLS, |_| Limit::None);
    rows.extend(calls::data_misses::<Ours, ByHyper>(&counted, &SMALL, |_| Limit::None));
    rows.extend(calls::allocations::<Ours, ByHyper>(server, &CALLS, [Limit::None; 2]));
    rows.extend(measured(MANIFEST, "times", server)?);
    let generate = concat!(env!("CARGO_MANIFEST_DIR"), "/stock-client/generate");
    if !Command::new(generate).stdout(Stdio::null()).status()?.success() {
        return Err("the stock client could not be generated".into());
    }
    for program in ["stock-counts", "stock-times"] {
        rows.extend(measured(STOCK_MANIFEST, program, server)?);
    }
    Ok(rows)
}

/// The rows that another program measures.
fn measured(manifest: &str, program: &str, server: &Address) -> Result<Vec<Row>, Box<dyn Error>> {
    let output = cargo(manifest, &["run", "--release", "--bin", program], server)?.output()?;
    if !output.status.success() {
        return Err(format!("the program `{program}` failed").into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
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
