//! Sockets: who may connect, TLS, time limits, and the stop that finishes what was begun.
//!
//! [`run`] blocks until a signal: first no new connection is taken, then every request that was
//! begun is answered (an entry that is being written is written), then it returns.

use super::config::Config;
use super::desk::Desk;
use super::gate::router;
use super::live::Live;
use super::patient::{Patient, Peer, Seat, Seats};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

/// Why the desk does not open.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The register, the accounts or the sessions cannot be read.
    #[error("{0}")]
    Closed(String),
    /// Another address than this machine's needs TLS or a stated proxy.
    #[error("{0} is reached from elsewhere, and neither TLS nor a proxy is named")]
    Bare(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// Chain or key cannot be used.
    #[error("TLS: {0}")]
    Tls(String),
    /// The runtime cannot be had.
    #[error("{0}")]
    Runtime(std::io::Error),
}

/// Opens the desk and serves until a signal; `told` is called once with the address, when
/// connections are taken.
///
/// # Errors
/// See [`ServeError`].
pub fn run(config: Config, told: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    if !config.listen.ip().is_loopback() && config.tls.is_none() && config.proxies.is_empty() {
        return Err(ServeError::Bare(config.listen));
    }
    let acceptor = config.tls.as_ref().map(|(chain, key)| acceptor(chain, key)).transpose()?;
    let desk = Arc::new(Desk::open(config).map_err(ServeError::Closed)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(64).build().map_err(ServeError::Runtime)?;
    let pusher = desk.clone();
    let pusher = std::thread::spawn(move || super::write::commit::pushing(&pusher));
    let done = runtime.block_on(serve(desk.clone(), acceptor, told));
    // What is still on a blocking thread holds an entry: it is waited for.
    drop(runtime);
    desk.stopping.store(true, Ordering::Relaxed);
    let _ = pusher.join();
    done
}

fn acceptor(chain: &Path, key: &Path) -> Result<TlsAcceptor, ServeError> {
    let said = |path: &Path, e: &dyn std::fmt::Display| ServeError::Tls(format!("{}: {e}", path.display()));
    let certs = CertificateDer::pem_file_iter(chain).map_err(|e| said(chain, &e))?;
    let certs = certs.collect::<Result<Vec<_>, _>>().map_err(|e| said(chain, &e))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| said(key, &e))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| ServeError::Tls(e.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certs, private)
        .map_err(|e| said(chain, &e))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn serve(desk: Arc<Desk>, acceptor: Option<TlsAcceptor>, told: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let at = desk.config.listen;
    let listener = TcpListener::bind(at).await.map_err(|e| ServeError::Listen(at, e))?;
    told(listener.local_addr().unwrap_or(at));
    let limits = desk.config.limits;
    let app = router(desk.clone());
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(limits.connections));
    tokio::spawn(Live::watch(desk.clone()));
    let seats: Seats = Seats::default();
    let mut stop = std::pin::pin!(signal());
    loop {
        let place = tokio::select! {
            place = room.clone().acquire_owned() => place.expect("the semaphore is never closed"),
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            // A connection that was gone before it was taken, or too many open files: neither ends the desk.
            taken = listener.accept() => match taken {
                Ok(taken) => taken,
                Err(_) => { tokio::time::sleep(std::time::Duration::from_millis(50)).await; continue }
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        // One client does not take every place; a proxy brings many.
        let from = peer.ip().to_canonical();
        let Some(seat) =
            Seat::take(&seats, from, if desk.config.proxies.contains(&from) { limits.connections } else { limits.connections / 16 })
        else {
            continue;
        };
        let (app, desk, acceptor, watcher) = (app.clone(), desk.clone(), acceptor.clone(), graceful.watcher());
        tokio::spawn(async move {
            desk.tell.connections.fetch_add(1, Ordering::Relaxed);
            connection(app, stream, peer, acceptor, watcher, limits.head).await;
            desk.tell.connections.fetch_sub(1, Ordering::Relaxed);
            drop((place, seat));
        });
    }
    drop(listener);
    desk.stopping.store(true, Ordering::Relaxed);
    desk.live.stop();
    let _ = tokio::time::timeout(limits.stop, graceful.shutdown()).await;
    Ok(())
}

async fn connection(
    app: axum::Router,
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    watcher: hyper_util::server::graceful::Watcher,
    head: std::time::Duration,
) {
    let inner = TowerToHyperService::new(app);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        hyper::service::Service::call(&inner, request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(64 << 10);
    // How a connection ends is nobody's news: what was asked has its line in the access log.
    match acceptor {
        None => drop(watcher.watch(http.serve_connection(TokioIo::new(Patient::new(stream)), service)).await),
        Some(acceptor) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(head, acceptor.accept(stream)).await {
                drop(watcher.watch(http.serve_connection(TokioIo::new(Patient::new(stream)), service)).await);
            }
        }
    }
}

/// Until somebody asks for the end.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut term) => tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = term.recv() => {} },
            Err(_) => drop(tokio::signal::ctrl_c().await),
        }
    }
    #[cfg(not(unix))]
    drop(tokio::signal::ctrl_c().await);
}
