//! The only caller of `ssh-keygen`: signatures under checkpoints.
//!
//! Order of things: [`sign`]; [`look`] reads what a signature says of itself without
//! believing it; [`verify`] asks the program, and tells the ways in which a signature can
//! be no good apart.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// First and last line of a signature.
pub const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
/// Its last line.
pub const END: &str = "-----END SSH SIGNATURE-----";

/// What became of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is by one of the signers.
    Good,
    /// It does not fit the text, or is no signature.
    Bad(String),
    /// It was made for something else.
    WrongNamespace(String),
    /// The key is none of the signers'.
    WrongKey,
    /// The key was not valid at that time.
    Expired,
    /// The key was revoked.
    Revoked,
    /// It could not be asked.
    NotAsked(String),
}

/// What a signature says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The public key, base64 as in key files.
    pub key: String,
    /// What it was made for.
    pub namespace: String,
}

fn run(args: &[&str], input: &[u8]) -> std::io::Result<Output> {
    let mut child = Command::new("ssh-keygen")
        .args(args)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().expect("it was asked for");
    // A program that does not want the rest closes the pipe; its exit code says why.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output()
}

/// Signs a text; the signature with its first and last line.
///
/// # Errors
/// What the program said.
pub fn sign(text: &[u8], key: &Path, namespace: &str) -> Result<String, String> {
    let key = key.to_string_lossy();
    let out = run(&["-Y", "sign", "-q", "-f", &key, "-n", namespace], text).map_err(|e| format!("ssh-keygen cannot be run: {e}"))?;
    let signature = String::from_utf8_lossy(&out.stdout).into_owned();
    if out.status.success() && signature.starts_with(BEGIN) {
        Ok(signature)
    } else {
        Err(String::from_utf8_lossy(&out.stderr).trim().to_string())
    }
}

/// The fingerprint of a key file, `SHA256:…`.
///
/// # Errors
/// What the program said.
pub fn fingerprint(key: &Path) -> Result<String, String> {
    let out = run(&["-l", "-f", &key.to_string_lossy()], b"").map_err(|e| format!("ssh-keygen cannot be run: {e}"))?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    match text.split_whitespace().nth(1).filter(|w| w.starts_with("SHA256:") && out.status.success()) {
        Some(word) => Ok(word.to_string()),
        None => Err(String::from_utf8_lossy(&out.stderr).trim().to_string()),
    }
}

/// Reads key and namespace out of a signature.
pub fn look(signature: &str) -> Option<Look> {
    let inner = signature.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let bytes = crate::digest::from_base64(&inner.split_whitespace().collect::<String>())?;
    // SSHSIG, version, then strings with their lengths: key, namespace, …
    let mut rest = bytes.strip_prefix(b"SSHSIG\0\0\0\x01")?;
    let mut text = || -> Option<&[u8]> {
        let (length, more) = rest.split_at_checked(4)?;
        let (text, more) = more.split_at_checked(u32::from_be_bytes(length.try_into().ok()?) as usize)?;
        rest = more;
        Some(text)
    };
    let key = crate::digest::to_base64(text()?);
    Some(Look { key, namespace: String::from_utf8_lossy(text()?).into_owned() })
}

/// Is the signature under a text by `who`, one of the signers? `at` is the time at which
/// the key must have been valid, `20261123093000Z`.
pub fn verify(text: &[u8], signature: &str, who: &str, namespace: &str, at: &str, signers: &Path, revoked: Option<&Path>) -> Verdict {
    let Some(look) = look(signature) else { return Verdict::Bad("it is no signature".into()) };
    if look.namespace != namespace {
        return Verdict::WrongNamespace(look.namespace);
    }
    let dir = match tempdir() {
        Ok(dir) => dir,
        Err(e) => return Verdict::NotAsked(e.to_string()),
    };
    let verdict = asked(text, signature, &look, who, namespace, at, signers, revoked, &dir);
    let _ = std::fs::remove_dir_all(&dir);
    verdict
}

#[allow(clippy::too_many_arguments)]
fn asked(
    text: &[u8],
    signature: &str,
    look: &Look,
    who: &str,
    namespace: &str,
    at: &str,
    signers: &Path,
    revoked: Option<&Path>,
    dir: &Path,
) -> Verdict {
    let file = dir.join("signature");
    if let Err(e) = std::fs::write(&file, signature) {
        return Verdict::NotAsked(e.to_string());
    }
    let (file, signers_at, time) = (file.to_string_lossy(), signers.to_string_lossy(), format!("-Overify-time={at}"));
    let fits = run(&["-Y", "check-novalidate", "-n", namespace, "-s", &file], text);
    match fits {
        Err(e) => return Verdict::NotAsked(format!("ssh-keygen cannot be run: {e}")),
        Ok(o) if !o.status.success() => return Verdict::Bad(String::from_utf8_lossy(&o.stderr).trim().to_string()),
        Ok(_) => {}
    }
    let list = std::fs::read_to_string(signers).unwrap_or_default();
    let known = list.lines().any(|l| {
        let mut words = l.split_whitespace();
        words.next().is_some_and(|p| !p.starts_with('#') && p.split(',').any(|p| p == who)) && words.any(|w| w == look.key)
    });
    if !known {
        return Verdict::WrongKey;
    }
    let ask = |revoked: Option<&Path>| {
        let mut args = vec!["-Y", "verify", "-f", &signers_at, "-I", who, "-n", namespace, "-s", &file, &time];
        let path = revoked.map(|r| r.to_string_lossy().into_owned()).unwrap_or_default();
        if revoked.is_some() {
            args.extend(["-r", &path]);
        }
        run(&args, text).is_ok_and(|o| o.status.success())
    };
    match (ask(None), revoked) {
        (false, _) => Verdict::Expired,
        (true, Some(r)) if !ask(Some(r)) => Verdict::Revoked,
        (true, _) => Verdict::Good,
    }
}

/// A folder of one's own below the system's for temporary files.
fn tempdir() -> std::io::Result<std::path::PathBuf> {
    let base = std::env::temp_dir();
    for n in 0..1000u32 {
        let dir = base.join(format!("duban-{}-{n}", std::process::id()));
        match std::fs::create_dir(&dir) {
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
            Ok(()) => return Ok(dir),
        }
    }
    Err(std::io::Error::other("no temporary folder is free"))
}
