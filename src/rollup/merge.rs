//! Several sorted files side by side: the smallest key of all, and every row that has it.
//!
//! Memory is one batch a column and file, whatever their length. The heads' keys lie together in
//! one small array; with some forty months of a province that is faster than a heap.

use super::error::Result;
use super::store::{Book, Walk};

/// Register and duty as one number that orders as the files do.
pub type Key = u128;

/// Behind every key.
pub const END: Key = u128::MAX;

/// One key of the two columns; keys are never negative.
#[inline]
pub fn join(register: i64, duty: i64) -> Key {
    (u128::from(register as u64) << 64) | u128::from(duty as u64)
}

/// Files that are walked together; their first two columns are register and duty.
pub struct Merge {
    /// The files.
    pub walks: Vec<Walk>,
    heads: Vec<Key>,
    until: Key,
}

impl Merge {
    /// Begins at the first key from `from` on; keys from `until` on are not looked at.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn new(mut walks: Vec<Walk>, from: Key, until: Key) -> Result<Merge> {
        let mut heads = Vec::new();
        for walk in &mut walks {
            while head(walk)? < from {
                walk.at += 1;
            }
            heads.push(head(walk)?);
        }
        Ok(Merge { walks, heads, until })
    }

    /// The smallest key; [`END`] where there is none left.
    #[inline]
    pub fn least(&self) -> Key {
        let least = self.heads.iter().copied().fold(END, Key::min);
        if least < self.until { least } else { END }
    }

    /// Hands over every row with a key, file by file, and goes on behind them.
    ///
    /// # Errors
    /// When a file cannot be read.
    #[inline]
    pub fn take(&mut self, key: Key, mut each: impl FnMut(usize, &Walk, usize)) -> Result<()> {
        let (register, duty) = ((key >> 64) as i64, key as i64);
        for i in 0..self.heads.len() {
            if self.heads[i] != key {
                continue;
            }
            let walk = &mut self.walks[i];
            loop {
                while walk.at < walk.filled && walk.values[1].long_at(walk.at) == duty && walk.values[0].long_at(walk.at) == register {
                    each(i, walk, walk.at);
                    walk.at += 1;
                }
                // The run may go on in the next batch.
                if walk.at < walk.filled || !walk.more()? || head(walk)? != key {
                    break;
                }
            }
            self.heads[i] = head(walk)?;
        }
        Ok(())
    }
}

fn head(walk: &mut Walk) -> Result<Key> {
    Ok(if walk.more()? { join(walk.values[0].long_at(walk.at), walk.values[1].long_at(walk.at)) } else { END })
}

/// Smallest and greatest key that a row group may hold, as its statistics have it.
pub fn bounds(book: &Book, group: usize) -> (Key, Key) {
    let (Some(register), Some(duty)) = (book.bounds(group, 0), book.bounds(group, 1)) else { return (0, END) };
    // Only within one register are the duties in order.
    let one = register.0 == register.1;
    (join(register.0, if one { duty.0 } else { 0 }), join(register.1, if one { duty.1 } else { i64::MAX }))
}
