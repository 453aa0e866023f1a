//! Instructions of signing an assertion, of verifying a token and of a token out of the cache, ours and by hand.
#![allow(non_snake_case, reason = "a benchmark is named after its algorithm")]

use benches::rows::tokens::{cached_by_hand, cached_ours};
use benches::signing::{self, Work, verify_by_hand, verify_ours};
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};

/// The first signature of a process is left out: it also gathers randomness.
fn sign_ours(algorithm: &str) -> Work {
    let work = signing::sign_ours(algorithm);
    work();
    work
}

fn sign_by_hand(algorithm: &'static str) -> Work {
    let work = signing::sign_by_hand(algorithm);
    work();
    work
}

#[library_benchmark]
#[bench::sign_ES256(sign_ours("ES256"))]
#[bench::sign_ES512(sign_ours("ES512"))]
#[bench::sign_RS256(sign_ours("RS256"))]
#[bench::sign_RS512(sign_ours("RS512"))]
#[bench::sign_ES256K(sign_ours("ES256K"))]
#[bench::sign_EdDSA(sign_ours("EdDSA"))]
#[bench::verify_ES256(verify_ours())]
fn ours(work: Work) -> Work {
    work();
    work
}

#[library_benchmark]
#[bench::sign_ES256(sign_by_hand("ES256"))]
#[bench::sign_ES512(sign_by_hand("ES512"))]
#[bench::sign_RS256(sign_by_hand("RS256"))]
#[bench::sign_RS512(sign_by_hand("RS512"))]
#[bench::sign_ES256K(sign_by_hand("ES256K"))]
#[bench::sign_EdDSA(sign_by_hand("EdDSA"))]
#[bench::verify_ES256(verify_by_hand())]
fn by_hand(work: Work) -> Work {
    work();
    work
}

#[library_benchmark]
#[bench::ours(cached_ours())]
#[bench::by_hand(cached_by_hand())]
fn cached(work: Work) -> Work {
    work();
    work
}

library_benchmark_group!(name = instructions; benchmarks = ours, by_hand, cached);
main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args(["--cache-sim=no"]));
    library_benchmark_groups = instructions
);
