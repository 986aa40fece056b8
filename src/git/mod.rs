//! The only caller of the `git` program.
//!
//! Everything here may be absent: a register lives just as well outside git. What may not
//! happen is that git is there and cannot be asked, and nobody hears of it: then
//! [`locate`] is an error.
//!
//! Order of things: [`locate`] finds the checkout; [`Repo`] answers for it. [`tree`] lays
//! out an earlier revision.

pub mod tree;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A checkout that holds the register.
#[derive(Debug, Clone)]
pub struct Repo {
    /// Where git is asked: the register's folder. Paths given and returned are relative to it.
    root: PathBuf,
    /// The git folder of this worktree (never the common one), absolute.
    pub git_dir: PathBuf,
}

/// A commit that took lines of a file away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Whole name of the commit.
    pub commit: String,
    /// Its author's name.
    pub author: String,
    /// When it was committed, RFC 3339.
    pub at: String,
    /// The file, relative to the register.
    pub file: String,
}

fn run<S: AsRef<OsStr>>(dir: &Path, args: &[S]) -> std::io::Result<Output> {
    let mut command = Command::new("git");
    // Words of git's are compared below, so it speaks one language; nothing is paged,
    // nothing asked, no optional lock taken: reading must not disturb a commit under way.
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
    command.arg("-C").arg(dir).args(["-c", "core.quotePath=false"]).args(args).stdin(Stdio::null()).output()
}

fn ask<S: AsRef<OsStr>>(dir: &Path, args: &[S]) -> Option<Vec<u8>> {
    run(dir, args).ok().filter(|o| o.status.success()).map(|o| o.stdout)
}

fn line(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).trim().to_string()
}

/// The checkout around a folder; `None` outside git.
///
/// # Errors
/// When there is one and git refuses to say (another owner, a broken folder), or git is
/// not installed: a log written without it could not tell one branch from another.
pub fn locate(dir: &Path) -> Result<Option<Repo>, String> {
    let marked = || dir.canonicalize().is_ok_and(|d| d.ancestors().any(|a| a.join(".git").exists()));
    match run(dir, &["rev-parse", "--absolute-git-dir"]) {
        Ok(o) if o.status.success() => {
            Ok(Some(Repo { root: dir.to_path_buf(), git_dir: PathBuf::from(String::from_utf8_lossy(&o.stdout).trim_end_matches('\n')) }))
        }
        Ok(o) => {
            let why = String::from_utf8_lossy(&o.stderr).trim().to_string();
            if why.contains("not a git repository") && !why.contains("dubious") && !marked() { Ok(None) } else { Err(why) }
        }
        Err(e) if marked() => Err(format!("git cannot be run: {e}")),
        Err(_) => Ok(None),
    }
}

/// When a revision was committed, RFC 3339, if the name is one.
pub fn date_of(dir: &Path, revision: &str) -> Option<String> {
    // A name that begins with a hyphen would be read as an option.
    if revision.starts_with('-') {
        return None;
    }
    ask(dir, &["log", "-1", "--format=%cI", "--end-of-options", revision, "--"]).map(line)
}

impl Repo {
    /// The branch checked out, `None` when detached.
    pub fn branch(&self) -> Option<String> {
        // Without asking the program: it is asked before every append.
        let head = std::fs::read_to_string(self.git_dir.join("HEAD")).ok()?;
        match head.trim().strip_prefix("ref: refs/heads/") {
            // The reftable format keeps a stub there.
            Some(".invalid") => ask(&self.root, &["symbolic-ref", "--short", "-q", "HEAD"]).map(line),
            other => other.map(String::from),
        }
    }
    /// Does a revision exist? Its whole name.
    pub fn commit(&self, revision: &str) -> Option<String> {
        if revision.starts_with('-') {
            return None;
        }
        ask(&self.root, &["rev-parse", "--verify", "-q", "--end-of-options", &format!("{revision}^{{commit}}")]).map(line)
    }
    /// The branch's upstream, if it has one and it is known here.
    pub fn upstream(&self) -> Option<String> {
        ask(&self.root, &["rev-parse", "--verify", "-q", "@{upstream}^{commit}"]).map(line).filter(|s| !s.is_empty())
    }
    /// True when earlier history is not here.
    pub fn shallow(&self) -> bool {
        ask(&self.root, &["rev-parse", "--is-shallow-repository"]).map(line).as_deref() == Some("true")
    }
    /// A file as a revision has it; `root` is the register's folder, `file` relative to it.
    pub fn file_at(&self, revision: &str, root: &Path, file: &str) -> Option<String> {
        ask(root, &["show", &format!("{revision}:./{file}")]).map(|b| String::from_utf8_lossy(&b).into_owned())
    }
    /// The same as bytes.
    pub fn bytes_at(&self, revision: &str, file: &str) -> Option<Vec<u8>> {
        ask(&self.root, &["show", &format!("{revision}:./{file}")])
    }
    /// Files below a folder that differ from a revision's or are not there any more.
    ///
    /// # Errors
    /// What git said.
    pub fn differing(&self, revision: &str, below: &str) -> Result<Vec<String>, String> {
        let args = ["diff", "--name-only", "--relative", "--no-renames", "--diff-filter=MDT", "-z", revision, "--", below];
        self.list(&args)
    }
    /// Files below a folder that a revision has.
    ///
    /// # Errors
    /// What git said.
    pub fn files_at(&self, revision: &str, below: &str) -> Result<Vec<String>, String> {
        self.list(&["ls-tree", "-r", "-z", "--name-only", revision, "--", below])
    }
    fn list(&self, args: &[&str]) -> Result<Vec<String>, String> {
        let out = run(&self.root, args).map_err(|e| e.to_string())?;
        if !out.status.success() {
            return Err(String::from_utf8_lossy(&out.stderr).trim().to_string());
        }
        Ok(out.stdout.split(|b| *b == 0).filter(|p| !p.is_empty()).map(|p| String::from_utf8_lossy(p).into_owned()).collect())
    }
    /// How many commits touched a folder, and those that took lines away. Merges are held
    /// against each of their parents.
    ///
    /// # Errors
    /// What git said.
    pub fn removals(&self, below: &str) -> Result<(usize, Vec<Removal>), String> {
        if self.commit("HEAD").is_none() {
            return Ok((0, Vec::new()));
        }
        let args =
            ["log", "-m", "--numstat", "--no-renames", "--relative", "--no-textconv", "--format=%x01%H%x02%an%x02%cI", "HEAD", "--", below];
        let out = run(&self.root, &args).map_err(|e| e.to_string())?;
        if !out.status.success() {
            return Err(String::from_utf8_lossy(&out.stderr).trim().to_string());
        }
        let (mut commits, mut found) = (std::collections::HashSet::new(), Vec::new());
        let mut head = (String::new(), String::new(), String::new());
        for row in String::from_utf8_lossy(&out.stdout).lines() {
            if let Some(rest) = row.strip_prefix('\u{1}') {
                let mut parts = rest.split('\u{2}').map(String::from);
                let mut next = || parts.next().unwrap_or_default();
                head = (next(), next(), next());
                commits.insert(head.0.clone());
            } else if let [_, gone, file] = row.splitn(3, '\t').collect::<Vec<_>>()[..]
                && gone != "0"
            {
                let one = Removal { commit: head.0.clone(), author: head.1.clone(), at: head.2.clone(), file: file.into() };
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        }
        Ok((commits.len(), found))
    }
    /// The lines that a commit took out of a file.
    pub fn removed_lines(&self, removal: &Removal) -> Vec<Vec<u8>> {
        let args = [
            "show",
            "-m",
            "--text",
            "--no-renames",
            "--relative",
            "--no-textconv",
            "--no-ext-diff",
            "-U0",
            "--format=",
            &removal.commit,
            "--",
        ];
        let mut args: Vec<&str> = args.to_vec();
        args.push(&removal.file);
        let out = ask(&self.root, &args).unwrap_or_default();
        out.split(|b| *b == b'\n').filter_map(|l| l.strip_prefix(b"-")).filter(|l| !l.starts_with(b"--")).map(<[u8]>::to_vec).collect()
    }
    /// Earlier forms of a file, newest first: commits of any branch that touched it.
    pub fn versions(&self, file: &str, most: usize) -> Vec<String> {
        let n = format!("-{most}");
        let args = ["log", "--all", "--reflog", "--format=%H", &n, "--", file];
        ask(&self.root, &args).map(|b| String::from_utf8_lossy(&b).lines().map(String::from).collect()).unwrap_or_default()
    }
}

/// The way from the top of the worktree to a folder, with `/` at the end; empty at the top.
pub fn prefix(dir: &Path) -> Option<String> {
    let out = ask(dir, &["rev-parse", "--show-prefix"])?;
    Some(String::from_utf8_lossy(&out).trim_end().to_string())
}

impl Repo {
    /// Commits whatever changed below a folder of the register, and nothing else: what somebody has
    /// staged elsewhere stays as it is.
    ///
    /// # Errors
    /// What git said.
    pub fn commit_below(&self, folder: &str, author: &str, message: &str) -> Result<(), String> {
        self.told(&["add", "--", folder])?;
        if self.told(&["diff", "--cached", "--quiet", "--", folder]).is_ok() {
            return Ok(());
        }
        let (name, mail) = author.split_once(" <").map_or((author, ""), |(n, m)| (n, m.trim_end_matches('>')));
        let name = format!("user.name={name}");
        let mail = format!("user.email={mail}");
        self.told(&["-c", &name, "-c", &mail, "commit", "--quiet", "--only", "--author", author, "-m", message, "--", folder])
    }

    /// Pushes the branch that is checked out.
    ///
    /// # Errors
    /// What git said; that the remote has moved on is one of them.
    pub fn push(&self, remote: &str) -> Result<(), String> {
        let branch = self.branch().ok_or("no branch is checked out, so nothing is pushed")?;
        self.told(&["push", "--quiet", "--", remote, &format!("HEAD:refs/heads/{branch}")])
    }

    /// Fetches the remote's branch of the same name.
    ///
    /// # Errors
    /// What git said.
    pub fn fetch(&self, remote: &str) -> Result<(), String> {
        let branch = self.branch().ok_or("no branch is checked out, so nothing is fetched")?;
        self.told(&["fetch", "--quiet", "--", remote, &branch])
    }

    /// Puts this side's commits on top of what was fetched. A rebase that cannot be done is taken
    /// back, so that nothing is left half-way.
    ///
    /// # Errors
    /// What git said.
    pub fn rebase_on_fetched(&self) -> Result<(), String> {
        let who = ["-c", "user.name=duban", "-c", "user.email=duban@localhost"];
        let args: Vec<&str> = who.into_iter().chain(["rebase", "--quiet", "--autostash", "FETCH_HEAD"]).collect();
        self.told(&args).inspect_err(|_| drop(self.told(&["rebase", "--abort"])))
    }

    /// Runs git for its effect.
    fn told(&self, args: &[&str]) -> Result<(), String> {
        // A remote that hangs is given up: git then says so itself.
        let patient = ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=30"];
        let network = args.first().is_some_and(|a| matches!(*a, "push" | "fetch"));
        let args: Vec<&str> = patient.iter().filter(|_| network).chain(args).copied().collect();
        match run(&self.root, &args) {
            Ok(o) if o.status.success() => Ok(()),
            Ok(o) => {
                let said = masked(&String::from_utf8_lossy(&o.stderr));
                Err(format!(
                    "git {}: {}",
                    args.iter().find(|a| !a.contains('=') && **a != "-c").unwrap_or(&""),
                    said.trim().lines().last().unwrap_or("failed")
                ))
            }
            Err(e) => Err(format!("git cannot be run: {e}")),
        }
    }
}

/// Without the name and the token that an address may carry, `https://NAME:TOKEN@host`.
pub fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        out += before;
        out += "://";
        let end = after.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(after.len());
        rest = match after[..end].rfind('@') {
            Some(at) => {
                out += "…@";
                &after[at + 1..]
            }
            None => after,
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn tokens_of_addresses_are_told_to_nobody() {
        assert_eq!(masked("fatal: 'https://me:s3cret@host/x' and git://h@i"), "fatal: 'https://…@host/x' and git://…@i");
        assert_eq!(masked("a@b://c"), "a@b://c");
    }
}
