//! Files on disk, whole or not at all.
//!
//! A file is written beside its place, synced and renamed over it: whoever reads meanwhile
//! sees the old bytes or the new ones, and a full disk loses nothing. Links are not
//! followed, because a rename would replace the link by a file.

use std::io::{self, Write};
use std::path::Path;

/// Puts new bytes in the place of a file that is there.
///
/// # Errors
/// When it is no regular file or the folder cannot be written; then nothing has changed.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let meta = std::fs::symlink_metadata(path)?;
    if !meta.is_file() {
        return Err(io::Error::other("it is not a regular file; links are not followed"));
    }
    let fresh = beside(path, bytes)?;
    std::fs::set_permissions(fresh.path(), meta.permissions())?;
    fresh.persist(path).map_err(|e| e.error)?;
    settle(path)
}

/// Writes a file where there is none.
///
/// # Errors
/// When something stands there already (`AlreadyExists`), or the folder cannot be written.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    let fresh = beside(path, bytes)?;
    open_to_all(fresh.path())?;
    fresh.persist_noclobber(path).map_err(|e| e.error)?;
    settle(path)
}

/// Either of the two, as the place asks for.
///
/// # Errors
/// As [`replace`] and [`create`].
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() { replace(path, bytes) } else { create(path, bytes) }
}

fn beside(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Hidden: if we are killed here, the register's reader leaves the rest out.
    let mut fresh = tempfile::Builder::new().prefix(".duban-").suffix(".tmp").tempfile_in(dir)?;
    fresh.write_all(bytes)?;
    fresh.as_file().sync_all()?;
    Ok(fresh)
}

/// A temporary file is its owner's alone; a register is read by the whole office.
fn open_to_all(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// The name itself reaches the disk with its folder.
fn settle(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::File::open(dir)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
