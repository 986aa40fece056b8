//! Work for all cores: a list of jobs that do not touch one another, done by as many threads as
//! there are cores; the answers come back in the order of the jobs.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Cores, four at most: what is done here soon waits for the disk.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(4))
}

/// Does every job; the first error of the list wins.
///
/// # Errors
/// What a job says.
pub fn all<J: Sync, A: Send, E: Send>(jobs: &[J], work: impl Fn(&J) -> Result<A, E> + Sync) -> Result<Vec<A>, E> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let run = || {
        while let Some((i, job)) = {
            let i = next.fetch_add(1, Ordering::Relaxed);
            jobs.get(i).map(|j| (i, j))
        } {
            let answer = work(job);
            done.lock().expect("no job panics while it holds this").push((i, answer));
        }
    };
    std::thread::scope(|scope| {
        (1..cores().min(jobs.len())).for_each(|_| drop(scope.spawn(run)));
        run();
    });
    let mut done = done.into_inner().expect("every job is over");
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, answer)| answer).collect()
}
