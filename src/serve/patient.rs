//! Patience with clients, and its end: who does not read is let go, and nobody takes every seat.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A client that takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(45);

/// A connection that fails when the other end takes nothing for too long.
pub struct Patient<S> {
    stream: S,
    waits: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// Over a connection.
    pub fn new(stream: S) -> Patient<S> {
        Patient { stream, waits: None }
    }

    /// What was written, or that patience is at its end.
    fn within<T>(waits: &mut Option<Pin<Box<Sleep>>>, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            *waits = None;
            return done;
        }
        let sleep = waits.get_or_insert_with(|| Box::pin(sleep(PATIENCE)));
        ready!(sleep.as_mut().poll(cx));
        sleep.as_mut().reset(Instant::now() + PATIENCE);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let done = Pin::new(&mut this.stream).poll_write(cx, buf);
        Patient::<S>::within(&mut this.waits, cx, done)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let done = Pin::new(&mut this.stream).poll_flush(cx);
        Patient::<S>::within(&mut this.waits, cx, done)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let done = Pin::new(&mut this.stream).poll_shutdown(cx);
        Patient::<S>::within(&mut this.waits, cx, done)
    }
}

/// The address at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub std::net::SocketAddr);

/// Who sits here, by address.
pub type Seats = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// A seat, given back when it is dropped.
pub struct Seat(Seats, IpAddr);

impl Seat {
    /// Takes a seat for an address that has fewer than so many.
    pub fn take(seats: &Seats, from: IpAddr, most: usize) -> Option<Seat> {
        let mut all = seats.lock().unwrap_or_else(|e| e.into_inner());
        let taken = all.entry(from).or_default();
        if *taken >= most {
            return None;
        }
        *taken += 1;
        Some(Seat(seats.clone(), from))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut all = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(n) = all.get_mut(&self.1) {
            *n -= 1;
            if *n == 0 {
                all.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_given_back() {
        let seats = Seats::default();
        let here: IpAddr = "10.0.0.1".parse().unwrap();
        let mut taken: Vec<_> = (0..3).map(|_| Seat::take(&seats, here, 2)).collect();
        assert_eq!(taken.iter().filter(|s| s.is_some()).count(), 2);
        assert!(Seat::take(&seats, "10.0.0.2".parse().unwrap(), 2).is_some());
        taken.clear();
        assert!(Seat::take(&seats, here, 2).is_some() && seats.lock().unwrap().is_empty());
    }
}
