//! What a piece of work asks of the allocator. The program must have [`Counting`] as its own.
#![allow(unsafe_code, reason = "an allocator is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::Relaxed};

/// The allocator of the system, which also counts. A block that grows counts as one more request, and takes only what it grows by.
pub struct Counting;

static REQUESTS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
static IN_USE: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);

fn taken(bytes: usize) {
    REQUESTS.fetch_add(1, Relaxed);
    BYTES.fetch_add(bytes, Relaxed);
    let before = IN_USE.fetch_add(bytes as isize, Relaxed);
    PEAK.fetch_max(before + bytes as isize, Relaxed);
}

fn given_back(bytes: usize) {
    IN_USE.fetch_sub(bytes as isize, Relaxed);
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        given_back(layout.size());
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        taken(size.saturating_sub(layout.size()));
        given_back(layout.size().saturating_sub(size));
        unsafe { System.realloc(block, layout, size) }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Allocations {
    /// How often it asked: for new memory, and for more or less of it.
    pub count: f64,
    pub bytes: f64,
}

/// What `work`, which does its thing `times` times, asks for each time.
pub fn each(times: u32, work: impl FnOnce(u32)) -> Allocations {
    let (requests, bytes) = (REQUESTS.load(Relaxed), BYTES.load(Relaxed));
    work(times);
    let each = |total: usize| total as f64 / f64::from(times);
    Allocations { count: each(REQUESTS.load(Relaxed) - requests), bytes: each(BYTES.load(Relaxed) - bytes) }
}

/// How many bytes the program holds at the moment.
pub fn in_use() -> isize {
    IN_USE.load(Relaxed)
}

/// How many bytes more than before the program held at the most while it did the work.
pub fn peak(work: impl FnOnce()) -> f64 {
    let before = in_use();
    PEAK.store(before, Relaxed);
    work();
    (PEAK.load(Relaxed) - before) as f64
}
