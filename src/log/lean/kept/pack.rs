//! Bytes of what is kept: numbers, days and texts one after the other, the digest of them all
//! behind them.
//!
//! [`Out`] writes, [`In`] reads; neither ever holds the whole. Reading believes nothing: every
//! value has its bounds, no length is made room for before its bytes are there, and only
//! [`In::whole`] says that the digest is the right one.

use crate::digest::Sum;
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// Bytes taken or given at once.
const BITE: usize = 64 << 10;
/// The digest in hexadecimal.
const TAIL: u64 = 64;
/// Longest text: no line of the log is longer.
const LONGEST: u64 = 64 << 10;
/// Days of about three years.
const DAYS: usize = 1024;

/// Writes.
pub struct Out<W: Write> {
    to: W,
    buffer: Vec<u8>,
    sum: Sum,
    words: HashMap<Box<str>, u64>,
    trouble: Option<io::Error>,
}

impl<W: Write> Out<W> {
    /// Begins.
    pub fn new(to: W) -> Out<W> {
        Out { to, buffer: Vec::with_capacity(BITE + 64), sum: Sum::default(), words: HashMap::new(), trouble: None }
    }

    fn add(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BITE {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.sum.add(&self.buffer);
        if self.trouble.is_none() {
            self.trouble = self.to.write_all(&self.buffer).err();
        }
        self.buffer.clear();
    }

    /// Four bytes.
    pub fn four(&mut self, n: u32) {
        self.add(&n.to_le_bytes());
    }

    /// A number, the shorter the smaller.
    pub fn number(&mut self, mut n: u64) {
        let (mut bytes, mut i) = ([0u8; 10], 0);
        while n >= 0x80 {
            (bytes[i], n, i) = (n as u8 | 0x80, n >> 7, i + 1);
        }
        bytes[i] = n as u8;
        self.add(&bytes[..=i]);
    }

    /// A number that may be negative.
    pub fn signed(&mut self, n: i64) {
        self.number((n << 1 ^ n >> 63) as u64);
    }

    /// A day.
    pub fn day(&mut self, day: NaiveDate) {
        self.four(day.num_days_from_ce() as u32);
    }

    /// A text that comes once.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.add(text.as_bytes());
    }

    /// A text that comes again and again: from the second time on its number.
    pub fn word(&mut self, text: &str) {
        if let Some(n) = self.words.get(text).copied() {
            return self.number(n);
        }
        let n = self.words.len() as u64;
        self.words.insert(text.into(), n);
        self.number(n);
        self.text(text);
    }

    /// Ends with the digest.
    ///
    /// # Errors
    /// What the system said at the first thing that could not be written.
    pub fn end(mut self) -> io::Result<W> {
        self.flush();
        if let Some(e) = self.trouble {
            return Err(e);
        }
        self.to.write_all(self.sum.hex().as_bytes())?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// Reads; `None` everywhere as soon as something is not as it was written.
pub struct In<R: Read> {
    from: R,
    /// Bytes before the digest that were not read yet.
    left: u64,
    buffer: Box<[u8]>,
    at: usize,
    end: usize,
    sum: Sum,
    words: Vec<Arc<str>>,
    /// Days met before: there are few, and a million states have five each.
    days: Box<[(u32, NaiveDate); DAYS]>,
}

impl<R: Read> In<R> {
    /// Begins with something of so many bytes.
    pub fn new(from: R, length: u64) -> Option<In<R>> {
        let left = length.checked_sub(TAIL)?;
        Some(In {
            from,
            left,
            buffer: vec![0; BITE].into(),
            at: 0,
            end: 0,
            sum: Sum::default(),
            words: Vec::new(),
            days: Box::new([(0, NaiveDate::MIN); DAYS]),
        })
    }

    #[cold]
    fn fill(&mut self) -> Option<()> {
        let most = usize::try_from(self.left).unwrap_or(BITE).min(BITE);
        (self.at, self.end) = (0, 0);
        self.end = loop {
            match self.from.read(&mut self.buffer[..most]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other.ok().filter(|n| *n > 0)?,
            }
        };
        self.left -= self.end as u64;
        self.sum.add(&self.buffer[..self.end]);
        Some(())
    }

    fn one(&mut self) -> Option<u8> {
        if self.at == self.end {
            self.fill()?;
        }
        self.at += 1;
        Some(self.buffer[self.at - 1])
    }

    /// Four bytes.
    pub fn four(&mut self) -> Option<u32> {
        let mut bytes = [0; 4];
        if let Some(near) = self.buffer[self.at..self.end].first_chunk() {
            (bytes, self.at) = (*near, self.at + 4);
        } else {
            for b in &mut bytes {
                *b = self.one()?;
            }
        }
        Some(u32::from_le_bytes(bytes))
    }

    /// A number.
    pub fn number(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let b = self.one()?;
            n |= u64::from(b & 0x7f) << shift;
            if b < 0x80 {
                return Some(n);
            }
        }
        None
    }

    /// A number that fits.
    pub fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    /// A number that may be negative.
    pub fn signed(&mut self) -> Option<i64> {
        self.number().map(|n| (n >> 1) as i64 ^ -((n & 1) as i64))
    }

    /// A day.
    pub fn day(&mut self) -> Option<NaiveDate> {
        let n = self.four()?;
        let met = n as usize % DAYS;
        if self.days[met].0 != n || n == 0 {
            self.days[met] = (n, NaiveDate::from_num_days_from_ce_opt(n as i32)?);
        }
        Some(self.days[met].1)
    }

    /// A text.
    pub fn text(&mut self) -> Option<String> {
        let length = self.number().filter(|n| *n <= LONGEST)? as usize;
        let mut bytes = Vec::new();
        while bytes.len() < length {
            if self.at == self.end {
                self.fill()?;
            }
            let near = (length - bytes.len()).min(self.end - self.at);
            bytes.extend_from_slice(&self.buffer[self.at..self.at + near]);
            self.at += near;
        }
        String::from_utf8(bytes).ok()
    }

    /// A text that comes again and again.
    pub fn word(&mut self) -> Option<Arc<str>> {
        let n: usize = self.small()?;
        if n == self.words.len() {
            let fresh = self.text()?;
            self.words.push(fresh.into());
        }
        self.words.get(n).cloned()
    }

    /// Was that all, and is the digest the one written?
    pub fn whole(mut self) -> Option<()> {
        let mut tail = [0; TAIL as usize];
        self.from.read_exact(&mut tail).ok().filter(|()| self.left == 0 && self.at == self.end)?;
        (*self.sum.hex().as_bytes() == tail).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut out = Out::new(Vec::new());
        for n in [0, 127, 128, u64::MAX] {
            out.number(n);
        }
        out.signed(i64::MIN);
        out.four(7);
        out.word("a");
        out.word("a");
        out.text(&"长".repeat(20_000));
        out.day(NaiveDate::MIN);
        out.end().unwrap()
    }

    fn read(bytes: &[u8]) -> Option<()> {
        let mut from = In::new(bytes, bytes.len() as u64)?;
        for n in [0, 127, 128, u64::MAX] {
            (from.number()? == n).then_some(())?;
        }
        (from.signed()? == i64::MIN && from.four()? == 7).then_some(())?;
        (&*from.word()? == "a" && &*from.word()? == "a").then_some(())?;
        (from.text()? == "长".repeat(20_000) && from.day()? == NaiveDate::MIN).then_some(())?;
        from.whole()
    }

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let bytes = written();
        assert_eq!(read(&bytes), Some(()));
        for cut in (0..bytes.len()).step_by(997).chain(bytes.len() - 70..bytes.len()) {
            assert_eq!(read(&bytes[..cut]), None, "cut at {cut}");
        }
        for at in (0..bytes.len()).step_by(499).chain(bytes.len() - 70..bytes.len()) {
            let mut bad = bytes.clone();
            bad[at] ^= 4;
            assert_eq!(read(&bad), None, "another byte at {at}");
        }
        assert_eq!(read(&[bytes, vec![0]].concat()), None);
    }
}
