//! Prints the table, or with `--check` only what can be judged on any machine, and fails when a limit is exceeded.

use std::error::Error;
use std::process::ExitCode;

use benches::allocations::ALLOCATOR;
use benches::callers::by_hyper::ByHyper;
use benches::callers::by_reqwest::ByReqwest;
use benches::instructions;
use benches::row::{Limit, Row, table};
use benches::rows::calls;
use benches::server::{self, Server};
use stats_alloc::StatsAlloc;

#[global_allocator]
static GLOBAL: &StatsAlloc<std::alloc::System> = ALLOCATOR;

const BY_REQWEST: &str = "`reqwest` by hand";
const BY_HYPER: &str = "`hyper` by hand";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let argument = std::env::args().nth(1);
    if argument.as_deref() == Some("serve") {
        tokio::runtime::Runtime::new()?.block_on(server::serve())?;
    }
    let rows = rows(argument.as_deref() == Some("--check"))?;
    print!("{}", table(&rows));
    Ok(if rows.iter().all(Row::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rows(check: bool) -> Result<Vec<Row>, Box<dyn Error>> {
    let server = Server::start()?;
    let url = &server.base_url;
    let mut rows = Vec::new();

    let counted = instructions::count("calls", &[], &server.origin)?;
    rows.extend(calls::instructions(&counted, "by_reqwest", BY_REQWEST, Limit::Ratio(0.95)));
    rows.extend(calls::allocations::<ByReqwest>(url, BY_REQWEST, Limit::Ratio(1.0)));
    if !check {
        rows.extend(calls::time_on_processor::<ByReqwest>(url, BY_REQWEST));
        rows.extend(calls::instructions(&counted, "by_hyper", BY_HYPER, Limit::None));
        rows.extend(calls::allocations::<ByHyper>(url, BY_HYPER, Limit::None));
        rows.extend(calls::time_on_processor::<ByHyper>(url, BY_HYPER));
    }
    Ok(rows)
}
