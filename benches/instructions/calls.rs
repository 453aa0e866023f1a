//! Instructions and cache misses of whole calls. The server is another process, which `benches/run` starts.

use benches::address::Address;
use benches::callers::by_hyper::ByHyper;
use benches::callers::by_reqwest::ByReqwest;
use benches::callers::by_reqwest_cheapest::ByReqwestCheapest;
use benches::callers::ours::{OnHyper, Ours};
use benches::callers::{Call, Caller, Ready};
use benches::callgrind::CACHES;
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};

fn ready<C: Caller>(call: Call) -> Ready<C> {
    Ready::new(&Address::from_env().expect("benches/run sets it"), call)
}

/// A benchmark of one caller, with one case for each call.
macro_rules! caller {
    ($benchmark:ident: $caller:ty, $($id:ident = $call:ident),+) => {
        #[library_benchmark]
        $(#[bench::$id(ready(Call::$call))])+
        fn $benchmark(ready: Ready<$caller>) -> Ready<$caller> {
            ready.make_counted();
            ready
        }
    };
}

caller!(
    ours: Ours,
    token = Token,
    projects = Projects,
    whoami = Whoami,
    whoami_tls = WhoamiTls,
    projects_1mb = Projects1Mb,
    projects_8mb = Projects8Mb
);
caller!(
    by_reqwest: ByReqwest,
    token = Token,
    projects = Projects,
    whoami = Whoami,
    whoami_tls = WhoamiTls,
    projects_1mb = Projects1Mb,
    projects_8mb = Projects8Mb
);
caller!(by_reqwest_cheapest: ByReqwestCheapest, token = Token, projects = Projects, whoami = Whoami);
caller!(ours_on_hyper: Ours<OnHyper>, token = Token, projects = Projects, whoami = Whoami);
caller!(by_hyper: ByHyper, token = Token, projects = Projects, whoami = Whoami);

library_benchmark_group!(name = calls; benchmarks = ours, by_reqwest, by_reqwest_cheapest, ours_on_hyper, by_hyper);
main!(
    config = LibraryBenchmarkConfig::default()
        .pass_through_env(benches::address::VARIABLE)
        .tool(Callgrind::with_args(CACHES));
    library_benchmark_groups = calls
);
