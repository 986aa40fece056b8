//! Wrong passwords: how many may be tried before the hash is asked no more.
//!
//! Three buckets, and a try needs a token of each: one for the address that tries (ten, one more
//! every minute), one for the post tried from that address (five, one more every three
//! minutes), one for the post from wherever (a hundred, one more a minute). Whoever guesses at
//! one post or at many from one place reaches the hash at most that often; others at other places are
//! not held back by it, unless a whole crowd guesses at one post. A right password gives the
//! tokens of its place back.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Tokens that grow back.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn take(&mut self, most: f64, every: Duration, now: Instant) -> bool {
        let grown = now.duration_since(self.at).as_secs_f64() / every.as_secs_f64();
        self.tokens = (self.tokens + grown).min(most);
        self.at = now;
        let there = self.tokens >= 1.0;
        if there {
            self.tokens -= 1.0;
        }
        there
    }
}

/// May a password be tried now?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Yes.
    Go,
    /// Not before so many seconds.
    Wait(u64),
}

const ADDRESS: (f64, Duration) = (10.0, Duration::from_secs(60));
const POST: (f64, Duration) = (5.0, Duration::from_secs(180));
const CROWD: (f64, Duration) = (100.0, Duration::from_secs(60));
/// So many buckets are kept; the oldest go first.
const MOST: usize = 10_000;

/// The tries of late.
#[derive(Debug, Default)]
pub struct Attempts {
    buckets: Mutex<HashMap<(IpAddr, Option<String>), Bucket>>,
}

/// Whoever owns an IPv6 network has addresses without end: the network counts as one.
fn place(from: IpAddr) -> IpAddr {
    // This machine has sixteen million addresses of its own.
    if from.is_loopback() {
        return IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    }
    match from {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.into(),
            None => std::net::Ipv6Addr::from(u128::from(v6) >> 64 << 64).into(),
        },
        v4 => v4,
    }
}

impl Attempts {
    /// Asks for a try.
    pub fn turn(&self, from: IpAddr, post: &str) -> Turn {
        self.turn_at(from, post, Instant::now())
    }

    fn turn_at(&self, from: IpAddr, post: &str, now: Instant) -> Turn {
        let from = place(from);
        let mut all = self.buckets.lock().unwrap_or_else(|e| e.into_inner());
        if all.len() > MOST {
            let full = CROWD.1 * CROWD.0 as u32;
            all.retain(|_, b| now.duration_since(b.at) < full);
            if all.len() > MOST {
                all.clear();
            }
        }
        let mut one = |key: (IpAddr, Option<String>), (most, every): (f64, Duration)| {
            all.entry(key).or_insert(Bucket { tokens: most, at: now }).take(most, every, now)
        };
        // A name is looked up among posts before it costs a bucket of its own; here it is short.
        let post: String = post.chars().take(64).collect();
        let anywhere = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
        if !one((from, None), ADDRESS) {
            return Turn::Wait(ADDRESS.1.as_secs());
        }
        if !one((from, Some(post.clone())), POST) {
            return Turn::Wait(POST.1.as_secs());
        }
        if !one((anywhere, Some(post)), CROWD) {
            return Turn::Wait(CROWD.1.as_secs());
        }
        Turn::Go
    }

    /// The password was right.
    pub fn right(&self, from: IpAddr, post: &str) {
        let mut all = self.buckets.lock().unwrap_or_else(|e| e.into_inner());
        all.remove(&(place(from), Some(post.to_string())));
        let anywhere = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
        for (key, most) in [((place(from), None), ADDRESS.0), ((anywhere, Some(post.to_string())), CROWD.0)] {
            if let Some(b) = all.get_mut(&key) {
                b.tokens = (b.tokens + 1.0).min(most);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_guesses_reach_the_hash_twenty_times_at_most() {
        let (a, now) = (Attempts::default(), Instant::now());
        let here: IpAddr = "127.0.0.1".parse().unwrap();
        let go = |n: u32, post: &str| a.turn_at(here, post, now + Duration::from_millis(u64::from(n) * 50)) == Turn::Go;
        let reached = (0..10_000).filter(|n| go(*n, if n % 2 == 0 { "officer-psb" } else { "reviewer-jco" })).count();
        assert!((10..=20).contains(&reached), "{reached}");
        // Somebody elsewhere is not held back.
        assert_eq!(a.turn_at("10.0.0.7".parse().unwrap(), "officer-psb", now), Turn::Go);
        // A crowd reaches one post a hundred times at once.
        let crowd = (1..=250)
            .filter(|n| a.turn_at(format!("10.9.{}.{}", n / 250, n % 250).parse().unwrap(), "officer-cac", now) == Turn::Go)
            .count();
        assert_eq!(crowd, 100);
        // One network is one place, and this machine is one.
        let own = |n: u32| a.turn_at(format!("127.0.1.{n}").parse().unwrap(), "y", now + Duration::from_secs(3600)) == Turn::Go;
        assert_eq!((0..50).filter(|n| own(*n)).count(), 5);
        let six = |n: u32| a.turn_at(format!("2001:db8::{n:x}").parse().unwrap(), "x", now) == Turn::Go;
        assert_eq!((0..100).filter(|n| six(*n)).count(), 5);
        // A right password makes up for the slips before it.
        let there: IpAddr = "10.0.0.9".parse().unwrap();
        assert!((0..4).all(|_| a.turn_at(there, "p", now) == Turn::Go));
        a.right(there, "p");
        assert!((0..4).all(|_| a.turn_at(there, "p", now) == Turn::Go));
    }
}
