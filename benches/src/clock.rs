//! Time, as far as a machine with other work to do lets it be measured.

use std::time::Instant;

/// What a piece of work took, in nanoseconds.
#[derive(Clone, Copy)]
pub struct Time {
    /// Of this thread on the processor: other work does not count, but it does slow the caches down.
    pub processor: f64,
    pub wall: f64,
}

#[allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub fn time(work: impl FnOnce()) -> Time {
    let (processor, wall) = (processor_time(), Instant::now());
    work();
    Time { processor: processor_time() - processor, wall: wall.elapsed().as_nanos() as f64 }
}

/// How long this thread has run, in nanoseconds, as Linux counts it.
pub fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// Runs all works in turn, `rounds` times, and gives the median of each one's figures.
pub fn interleaved<const N: usize>(rounds: usize, works: [&dyn Fn() -> f64; N]) -> [f64; N] {
    let mut figures = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (work, figures) in works.iter().zip(&mut figures) {
            figures.push(work());
        }
    }
    figures.map(|mut figures: Vec<f64>| {
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    })
}
