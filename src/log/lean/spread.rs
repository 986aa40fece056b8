//! Work spread over the cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Bytes below which another thread costs more than it brings.
const LITTLE: u64 = 4 << 20;
/// Threads at most.
const MOST: usize = 8;

/// Does something with every item, on as many cores as there are where it is worth it, and
/// gives the results in order; `None` as soon as one of them is.
pub fn over<I: Sync, T: Send>(items: &[I], size: impl Fn(&I) -> u64, work: impl Fn(&I) -> Option<T> + Sync) -> Option<Vec<T>> {
    if items.len() < 2 || items.iter().map(size).sum::<u64>() < LITTLE {
        return items.iter().map(work).collect();
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(MOST).min(items.len());
    let next = AtomicUsize::new(0);
    let slots: Vec<Mutex<Option<T>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let one = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(i) else { return };
            match work(item) {
                Some(done) => *slots[i].lock().unwrap_or_else(PoisonError::into_inner) = Some(done),
                None => return next.store(items.len(), Ordering::Relaxed),
            }
        }
    };
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(one))));
    slots.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}
