//! News of changes: a page that is open hears that the files changed, whoever changed them.
//!
//! One task looks at the files, twice a second and only while somebody listens; every open page
//! gets a line when their mark moves. Pages work without it.

use super::desk::Desk;
use super::gate::visit;
use super::patient::Peer;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::Response;
use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;

/// Who listens, and the newest mark.
pub struct Live {
    mark: watch::Sender<u64>,
    open: AtomicUsize,
    each: Mutex<HashMap<String, usize>>,
}

impl Default for Live {
    fn default() -> Live {
        Live { mark: watch::channel(0).0, open: AtomicUsize::new(0), each: Mutex::default() }
    }
}

/// Most pages that listen at a time.
const MOST: usize = 500;
/// … of one session, or of one address where nobody signs in.
const EACH: usize = 20;

impl Live {
    /// Looks at the files for as long as the desk is open.
    pub async fn watch(desk: Arc<Desk>) {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if desk.live.open.load(Ordering::Relaxed) == 0 {
                continue;
            }
            let d = desk.clone();
            let Ok(mark) = tokio::task::spawn_blocking(move || d.views.mark()).await else { continue };
            desk.live.mark.send_if_modified(|m| std::mem::replace(m, mark) != mark);
        }
    }

    /// Everybody who listens is let go.
    pub fn stop(&self) {
        self.mark.send_replace(u64::MAX);
    }
}

/// `GET /live`: a stream of events.
pub async fn live(desk: Arc<Desk>, request: Request) -> Response<Body> {
    let visit = tokio::task::block_in_place(|| visit::visit(&desk, request.headers(), "", request.extensions().get::<Peer>(), false));
    let bare =
        |status: u16| Response::builder().status(status).header("cache-control", "no-store").body(Body::empty()).expect("plain parts");
    if !visit.host_is_ours || !visit.expected || (visit.who.is_none() && !desk.config.read_only) {
        return bare(403);
    }
    if desk.live.open.fetch_add(1, Ordering::Relaxed) >= MOST {
        desk.live.open.fetch_sub(1, Ordering::Relaxed);
        return bare(503);
    }
    let who = visit.who.as_ref().map_or_else(|| visit.from.to_string(), |w| w.session.clone());
    let Some(guard) = Guard::of(desk.clone(), who) else { return bare(429) };
    let d = desk.clone();
    let mark = tokio::task::spawn_blocking(move || d.views.mark()).await.unwrap_or(0);
    let mut news = desk.live.mark.subscribe();
    news.mark_unchanged();
    let (sender, receiver) = tokio::sync::mpsc::channel::<Bytes>(4);
    tokio::spawn(async move {
        let _guard = guard;
        let mut last = mark;
        if sender.send(Bytes::from(format!("retry: 5000\nevent: mark\ndata: {mark}\n\n"))).await.is_err() {
            return;
        }
        loop {
            let line = tokio::select! {
                moved = news.changed() => {
                    let now = *news.borrow_and_update();
                    if moved.is_err() || now == u64::MAX { return; }
                    if now == last { continue; }
                    last = now;
                    format!("event: mark\ndata: {now}\n\n")
                }
                // A page that was left gives its place back at once.
                () = sender.closed() => return,
                () = tokio::time::sleep(Duration::from_secs(20)) => ": still here\n\n".to_string(),
            };
            if sender.send(Bytes::from(line)).await.is_err() {
                return;
            }
        }
    });
    Response::builder()
        .header("content-type", "text/event-stream")
        .header("cache-control", "no-store")
        .header("x-content-type-options", "nosniff")
        .body(Body::new(Stream(receiver)))
        .expect("plain parts")
}

/// Counts a listener for as long as it listens.
struct Guard(Arc<Desk>, String);

impl Guard {
    /// One more for this session, unless it has too many; the common count is taken already.
    fn of(desk: Arc<Desk>, who: String) -> Option<Guard> {
        let guard = Guard(desk, who);
        let mut all = guard.0.live.each.lock().unwrap_or_else(|e| e.into_inner());
        let n = all.entry(guard.1.clone()).or_default();
        *n += 1;
        let few = *n <= EACH;
        drop(all);
        few.then_some(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.live.open.fetch_sub(1, Ordering::Relaxed);
        let mut all = self.0.live.each.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(n) = all.get_mut(&self.1) {
            *n -= 1;
            if *n == 0 {
                all.remove(&self.1);
            }
        }
    }
}

/// What a channel brings, as a body.
struct Stream(tokio::sync::mpsc::Receiver<Bytes>);

impl axum::body::HttpBody for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|b| b.map(|b| Ok(hyper::body::Frame::data(b))))
    }
}
