//! Every call that changes a file of the log or of the state folder, behind one trait; only the
//! folded state of closed months, which may be lost at any time, is written without it.
//!
//! [`Real`] does what it says. A campaign puts another in its place that fails at the
//! n-th call, writes half, or writes down what was asked so that every state in which a
//! power cut could leave the disk is made and looked at.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Where a change failed: before it was asked to stay, or while.
#[derive(Debug)]
pub enum Fail {
    /// Writing failed; what stands there may be half.
    Write(io::Error),
    /// The system would not say that it is on disk: never asked twice, since the second
    /// answer would be about nothing.
    Sync(io::Error),
}

impl Fail {
    /// What the system said.
    pub fn into_inner(self) -> io::Error {
        match self {
            Fail::Write(e) | Fail::Sync(e) => e,
        }
    }
}

/// Changes of files.
pub trait Disk: Sync {
    /// Appends to a file, made when it is not there and never through a link, and syncs it.
    ///
    /// # Errors
    /// See [`Fail`].
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail>;
    /// Cuts a file back and syncs it.
    ///
    /// # Errors
    /// See [`Fail`].
    fn cut(&self, path: &Path, length: u64) -> Result<(), Fail>;
    /// Writes a file that must not be there yet, and syncs it.
    ///
    /// # Errors
    /// See [`Fail`].
    fn create(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail>;
    /// Gives a file another name; whatever had it is gone.
    ///
    /// # Errors
    /// What the system said.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Makes a folder with those above it, and syncs the ones above.
    ///
    /// # Errors
    /// What the system said.
    fn make_dirs(&self, path: &Path) -> io::Result<()>;
    /// Syncs a folder: names in it are on disk.
    ///
    /// # Errors
    /// What the system said.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Takes a file away.
    ///
    /// # Errors
    /// What the system said.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Writes a file anew so that it is the old or the new one, never half.
    ///
    /// # Errors
    /// What the system said; the file is then the old one.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let dir = path.parent().unwrap_or(Path::new("."));
        let fresh = dir.join(format!(".{}.new", path.file_name().unwrap_or_default().to_string_lossy()));
        if fs::symlink_metadata(&fresh).is_ok() {
            self.remove(&fresh)?;
        }
        self.create(&fresh, bytes).map_err(Fail::into_inner)?;
        self.rename(&fresh, path)?;
        self.sync_dir(dir)
    }
}

/// The disk.
pub struct Real;

fn sync(file: &File) -> Result<(), Fail> {
    file.sync_all().map_err(Fail::Sync)
}

/// Never through a link.
fn plain(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    options
}

impl Disk for Real {
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        let mut file = plain(OpenOptions::new().create(true).append(true)).open(path).map_err(Fail::Write)?;
        file.write_all(bytes).map_err(Fail::Write)?;
        sync(&file)
    }
    fn cut(&self, path: &Path, length: u64) -> Result<(), Fail> {
        let file = plain(OpenOptions::new().write(true)).open(path).map_err(Fail::Write)?;
        file.set_len(length).map_err(Fail::Write)?;
        sync(&file)
    }
    fn create(&self, path: &Path, bytes: &[u8]) -> Result<(), Fail> {
        let mut file = plain(OpenOptions::new().create_new(true).write(true)).open(path).map_err(Fail::Write)?;
        file.write_all(bytes).map_err(Fail::Write)?;
        sync(&file)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }
    fn make_dirs(&self, path: &Path) -> io::Result<()> {
        let mut made = Vec::new();
        for dir in path.ancestors().take_while(|d| !d.as_os_str().is_empty() && !d.exists()) {
            made.push(dir.to_path_buf());
        }
        fs::create_dir_all(path)?;
        for dir in made.iter().rev() {
            self.sync_dir(dir.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        }
        Ok(())
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        // Folders cannot be opened for that elsewhere.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
