//! Instructions of whole calls, ours and with the stock client; see `instructions/calls.rs`.

use benches::address::Address;
use benches::callers::ours::Ours;
use benches::callers::{Call, Caller, Ready};
use benches::callgrind::CACHES;
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use stock_caller::Stock;

fn ready<C: Caller>(call: Call) -> Ready<C> {
    Ready::new(&Address::from_env().expect("benches/run sets it"), call)
}

#[library_benchmark(setup = ready)]
#[bench::token(Call::Token)]
#[bench::projects(Call::Projects)]
#[bench::whoami(Call::Whoami)]
fn ours(ready: Ready<Ours>) -> Ready<Ours> {
    ready.make_counted();
    ready
}

#[library_benchmark(setup = ready)]
#[bench::token(Call::Token)]
#[bench::projects(Call::Projects)]
#[bench::whoami(Call::Whoami)]
fn stock(ready: Ready<Stock>) -> Ready<Stock> {
    ready.make_counted();
    ready
}

library_benchmark_group!(name = calls; benchmarks = ours, stock);
main!(
    config = LibraryBenchmarkConfig::default()
        .pass_through_env(benches::address::VARIABLE)
        .tool(Callgrind::with_args(CACHES));
    library_benchmark_groups = calls
);
