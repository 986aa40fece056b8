//! The body of a request, within its limits: a form, JSON, or a form with files, which are
//! hashed as they come and never held in memory.

use super::fields;
use super::visit::Visit;
use crate::digest::Sum;
use crate::serve::call::{Fields, Reply, Upload};
use crate::serve::desk::Desk;
use crate::serve::table::{Need, Route};
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Multipart, Request, multipart::Field};
use axum::http::Method;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What came.
#[derive(Default)]
pub struct Taken {
    /// The form.
    pub form: Fields,
    /// Its files.
    pub files: Vec<Upload>,
    /// The body, where it is JSON.
    pub json: Option<serde_json::Value>,
}

/// Most parts of a form.
const PARTS: usize = 200;
/// Between two pieces of an upload.
const PIECE: Duration = Duration::from_secs(20);

/// Takes the body in; `known` says whether whoever sent it may.
pub async fn take(desk: &Desk, route: &Route, visit: &Visit, known: bool, request: Request) -> Result<Taken, Reply> {
    if request.method() != Method::POST {
        return Ok(Taken::default());
    }
    let kind = request.headers().get("content-type").and_then(|h| h.to_str().ok()).unwrap_or("").to_ascii_lowercase();
    let limits = &desk.config.limits;
    let files = kind.starts_with("multipart/form-data");
    if files && !route.files {
        return Err(Reply::problem(415, "no files are taken here"));
    }
    if files {
        // Of somebody unknown the words are kept, for the form that comes back after signing in; files are not.
        let until = Instant::now() + if known { limits.uploading } else { limits.body };
        return parts(desk, visit, request, until, known).await;
    }
    let declared = request.headers().get("content-length").and_then(|h| h.to_str().ok()).and_then(|h| h.parse::<usize>().ok());
    if declared.is_some_and(|n| n > limits.form) {
        return Err(too_large(limits.form));
    }
    let bytes = whole(request.into_body(), limits.form, Instant::now() + limits.body).await?;
    let mut taken = Taken::default();
    if kind.starts_with("application/json") {
        let read = serde_json::from_slice(&bytes).map_err(|e| Reply::problem(400, format!("the body is no JSON: {e}")))?;
        taken.json = Some(read);
    } else if kind.starts_with("application/x-www-form-urlencoded") || bytes.is_empty() {
        let text = std::str::from_utf8(&bytes).map_err(|_| Reply::problem(400, "the form is not UTF-8"))?;
        taken.form = fields(text);
    } else {
        return Err(Reply::problem(415, "a form or JSON is wanted"));
    }
    if route.need == Need::Post && known {
        ours(desk, visit, taken.form.one("csrf"))?;
    }
    Ok(taken)
}

/// Does the form carry the token of its session?
fn ours(desk: &Desk, visit: &Visit, token: Option<&str>) -> Result<(), Reply> {
    let want = visit.who.as_ref().map(|w| w.csrf.as_str());
    // Both are random and of one length; what a comparison takes tells nobody anything useful,
    // and digests of them are compared nevertheless.
    let hex = |t: &str| crate::digest::hex(t.as_bytes());
    if want.is_some() && token.or(visit.csrf.as_deref()).map(hex) == want.map(hex) {
        return Ok(());
    }
    desk.tell.forged.fetch_add(1, Relaxed);
    let what = visit.lang_say(
        "表单缺少本次登录的标识（可能已在别处重新登录）：什么也没有记录，请刷新页面后再提交",
        "the form does not carry this session's token (you may have signed in again elsewhere): nothing was recorded. Reload the page and send it again",
    );
    Err(Reply::problem(403, what))
}

fn too_large(limit: usize) -> Reply {
    Reply::problem(413, format!("larger than {limit} bytes: nothing was recorded"))
}

fn slow() -> Reply {
    Reply::problem(408, "it took too long to arrive: nothing was recorded").with("connection", "close")
}

async fn whole(body: Body, limit: usize, until: Instant) -> Result<Vec<u8>, Reply> {
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large(limit));
    }
    match timeout_at(until, axum::body::to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(e)) if e.to_string().contains("length limit") => Err(too_large(limit)),
        Ok(Err(_)) => Err(Reply::problem(400, "the body was cut off: nothing was recorded")),
        Err(_) => Err(slow()),
    }
}

/// A form with files.
async fn parts(desk: &Desk, visit: &Visit, request: Request, until: Instant, known: bool) -> Result<Taken, Reply> {
    let limits = &desk.config.limits;
    let store = if known { tokio::task::block_in_place(|| desk.store()) } else { Ok(None) };
    let idle = Arc::new(AtomicUsize::new(0));
    let request = request.map(|body| Body::new(Watched { body, idle: idle.clone() }));
    let odd = |e: axum::extract::multipart::MultipartError| Reply::problem(400, format!("the form cannot be read: {}", e.body_text()));
    let mut form = Multipart::from_request(request, &()).await.map_err(|e| Reply::problem(400, e.body_text()))?;
    let mut taken = Taken::default();
    let (mut text, mut size, mut checked) = (0, 0u64, false);
    loop {
        let next = timeout_at(until.min(Instant::now() + PIECE), form.next_field()).await.map_err(|_| slow())?;
        let Some(mut field) = next.map_err(odd)? else { break };
        idle.store(0, Relaxed);
        if taken.form.0.len() + taken.files.len() >= PARTS {
            return Err(Reply::problem(413, format!("more than {PARTS} parts: nothing was recorded")));
        }
        let name = field.name().unwrap_or("").to_string();
        let Some(file) = field.file_name().map(String::from) else {
            let mut bytes = Vec::new();
            while let Some(piece) = chunk(&mut field, &idle, until).await? {
                text += piece.len();
                if text > limits.form {
                    return Err(too_large(limits.form));
                }
                bytes.extend_from_slice(&piece);
            }
            let value = String::from_utf8(bytes).map_err(|_| Reply::problem(400, "the form is not UTF-8"))?;
            taken.form.0.push((name, value));
            continue;
        };
        if !known {
            while let Some(piece) = chunk(&mut field, &idle, until).await? {
                size += piece.len() as u64;
                if size > limits.upload {
                    return Ok(taken);
                }
            }
            continue;
        }
        // Our pages put the token first, so that no byte of a forged form's file is kept.
        if !checked {
            ours(desk, visit, taken.form.one("csrf"))?;
            checked = true;
        }
        if let Some(upload) = upload(desk, &store, name, file, &mut field, &idle, &mut size, until).await? {
            taken.files.push(upload);
        }
    }
    if known && !checked {
        ours(desk, visit, taken.form.one("csrf"))?;
    }
    Ok(taken)
}

async fn chunk(field: &mut Field<'_>, idle: &AtomicUsize, until: Instant) -> Result<Option<axum::body::Bytes>, Reply> {
    match timeout_at(until.min(Instant::now() + PIECE), field.chunk()).await {
        Ok(Ok(piece)) => {
            idle.store(0, Relaxed);
            Ok(piece)
        }
        Ok(Err(e)) => Err(Reply::problem(400, format!("the form was cut off: nothing was recorded ({})", e.body_text()))),
        Err(_) => Err(slow()),
    }
}

/// A body of which no more is read ahead than the head of a part may need: what reads forms keeps
/// bytes until it has found the end of a head, however long that is.
struct Watched {
    body: Body,
    /// Bytes read since something was found in them.
    idle: Arc<AtomicUsize>,
}

/// Longest head of a part, with what is read at a time.
const HEAD: usize = 512 << 10;

impl HttpBody for Watched {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(f)) = &frame
            && let Some(bytes) = f.data_ref()
            && self.idle.fetch_add(bytes.len(), Relaxed) + bytes.len() > HEAD
        {
            return Poll::Ready(Some(Err(axum::Error::new(std::io::Error::other("a part's head is too long")))));
        }
        Poll::Ready(frame)
    }
}

/// One file: hashed, and kept in the waiting room where there is a store. A field without a
/// file is none.
#[expect(clippy::too_many_arguments, reason = "one file of a form, and everything that bounds it")]
async fn upload(
    desk: &Desk,
    store: &Result<Option<crate::serve::write::store::Store>, String>,
    field: String,
    name: String,
    part: &mut Field<'_>,
    idle: &AtomicUsize,
    all: &mut u64,
    until: Instant,
) -> Result<Option<Upload>, Reply> {
    let store = store.as_ref().map_err(|e| Reply::problem(503, e.clone()))?;
    let bad = |e: std::io::Error| Reply::problem(507, format!("the file cannot be kept: {e}; nothing was recorded"));
    let (mut sum, mut size, mut waiting) = (Sum::default(), 0u64, None);
    while let Some(piece) = chunk(part, idle, until).await? {
        *all += piece.len() as u64;
        if *all > desk.config.limits.upload {
            return Err(Reply::problem(413, format!("files of more than {} bytes: nothing was recorded", desk.config.limits.upload)));
        }
        size += piece.len() as u64;
        sum.add(&piece);
        if let Some(store) = store {
            let file = match &mut waiting {
                Some(file) => file,
                None => waiting.insert(store.wait().map_err(bad)?),
            };
            // Pieces are small; a thread that waits for a disk is replaced meanwhile.
            tokio::task::block_in_place(|| file.write_all(&piece)).map_err(bad)?;
        }
    }
    if size == 0 && name.is_empty() {
        return Ok(None);
    }
    desk.tell.uploaded.fetch_add(size, Relaxed);
    Ok(Some(Upload { field, name, sha256: sum.hex(), size, waiting: waiting.map(tempfile::NamedTempFile::into_temp_path) }))
}
