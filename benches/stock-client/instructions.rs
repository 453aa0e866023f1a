//! Instructions of whole calls with the stock client; see `instructions/calls.rs`.

use std::hint::black_box;

use benches::callers::{Call, Ready};
use benches::rows::calls::COUNTED;
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use stock_caller::Stock;

fn ready(call: Call) -> Ready<Stock> {
    Ready::new(&std::env::var("BASE_URL").expect("benches/run sets it"), call)
}

#[library_benchmark(setup = ready)]
#[bench::token(Call::Token)]
#[bench::projects(Call::Projects)]
fn stock(ready: Ready<Stock>) -> Ready<Stock> {
    ready.make(black_box(COUNTED));
    ready
}

library_benchmark_group!(name = instructions; benchmarks = stock);
main!(
    config = LibraryBenchmarkConfig::default()
        .pass_through_env("BASE_URL")
        .tool(Callgrind::with_args(["--cache-sim=no"]));
    library_benchmark_groups = instructions
);
