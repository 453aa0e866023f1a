//! Instructions of whole calls. The server is another process; `BASE_URL` says where it is.

use std::hint::black_box;

use benches::callers::by_hyper::ByHyper;
use benches::callers::by_reqwest::ByReqwest;
use benches::callers::ours::Ours;
use benches::callers::{Call, Caller, Ready};
use benches::rows::calls::COUNTED;
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};

fn ready<C: Caller>(call: Call) -> Ready<C> {
    Ready::new(&std::env::var("BASE_URL").expect("benches/run sets it"), call)
}

#[library_benchmark(setup = ready)]
#[bench::token(Call::Token)]
#[bench::projects(Call::Projects)]
fn ours(ready: Ready<Ours>) -> Ready<Ours> {
    ready.make(black_box(COUNTED));
    ready
}

#[library_benchmark(setup = ready)]
#[bench::token(Call::Token)]
#[bench::projects(Call::Projects)]
fn by_reqwest(ready: Ready<ByReqwest>) -> Ready<ByReqwest> {
    ready.make(black_box(COUNTED));
    ready
}

#[library_benchmark(setup = ready)]
#[bench::token(Call::Token)]
#[bench::projects(Call::Projects)]
fn by_hyper(ready: Ready<ByHyper>) -> Ready<ByHyper> {
    ready.make(black_box(COUNTED));
    ready
}

library_benchmark_group!(name = instructions; benchmarks = ours, by_reqwest, by_hyper);
main!(
    config = LibraryBenchmarkConfig::default()
        .pass_through_env("BASE_URL")
        .tool(Callgrind::with_args(["--cache-sim=no"]));
    library_benchmark_groups = instructions
);
