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

/// Does all works in turn, `rounds` times, and gives the median of each one's figures.
pub fn interleaved<W: Fn() -> f64>(rounds: usize, works: impl IntoIterator<Item = W>) -> Vec<f64> {
    let mut works: Vec<_> = works.into_iter().map(|work| (work, Vec::new())).collect();
    for _ in 0..rounds {
        for (work, figures) in &mut works {
            figures.push(work());
        }
    }
    let median = |(_, mut figures): (W, Vec<f64>)| {
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    works.into_iter().map(median).collect()
}

/// The medians of two works, done in turn.
pub fn both(rounds: usize, ours: impl Fn() -> f64, theirs: impl Fn() -> f64) -> [f64; 2] {
    let medians = interleaved(rounds, [&ours as &dyn Fn() -> f64, &theirs]);
    [medians[0], medians[1]]
}
