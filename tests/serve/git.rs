//! `--git`: every entry is a commit of its own, by its post, and reaches the remote.

use super::world::City;
use std::path::Path;
use std::process::Command;

fn git(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.env_remove("GIT_DIR").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let out = command.arg("-C").arg(dir).args(["-c", "user.name=x", "-c", "user.email=x@x.invalid"]).args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_string()
}

#[test]
fn every_entry_is_a_commit_that_reaches_the_remote() {
    let mut city = City::closed(&[]);
    let (here, remote) = (city.dir.path().to_path_buf(), city.dir.path().join("remote.git"));
    git(&here, &["init", "-q", "-b", "main"]);
    std::fs::write(here.join(".gitignore"), "remote.git\nother\n").unwrap();
    git(&here, &["add", "-A"]);
    git(&here, &["commit", "-qm", "first"]);
    git(&here, &["init", "-q", "--bare", "-b", "main", "remote.git"]);
    git(&here, &["remote", "add", "origin", remote.to_str().unwrap()]);
    git(&here, &["push", "-q", "origin", "main"]);
    city.accounts(&["officer-psb"]);
    city.start(&["--git", "--push", "origin"]);
    // Somebody else pushed meanwhile, and something is staged here that is not the desk's.
    git(&here, &["clone", "-q", "remote.git", "other"]);
    std::fs::write(here.join("other/README"), "theirs").unwrap();
    git(&here.join("other"), &["add", "README"]);
    git(&here.join("other"), &["commit", "-qm", "theirs"]);
    git(&here.join("other"), &["push", "-q"]);
    std::fs::write(here.join("staged"), "mine").unwrap();
    git(&here, &["add", "staged"]);
    let mut officer = city.signed("officer-psb");
    let done = officer.post("/assignment/OPN-5.04%40CITY-PSB/progress", &[("note", "x"), ("key", "k"), ("action", "record")]);
    assert!(done.status == 303 && !done.header("location").contains("git="), "{done:?}");
    let log = git(&here, &["log", "-3", "--format=%an|%s"]);
    assert_eq!(log, "officer-psb|progress OPN-5.04@CITY-PSB\nx|theirs\nx|first");
    assert_eq!(git(&here, &["rev-parse", "HEAD"]), git(&remote, &["rev-parse", "main"]));
    let files = git(&here, &["show", "--name-only", "--format=", "HEAD"]);
    assert!(files.lines().count() == 1 && files.starts_with("obligations/sample-city/log/CITY-PSB/"), "{files}");
    assert_eq!(git(&here, &["diff", "--cached", "--name-only"]), "staged");
    // A remote that is gone is told; the entry stands, and the next one takes its commit along.
    std::fs::rename(&remote, here.join("other/away.git")).unwrap();
    let done = officer.post("/assignment/OPN-5.04%40CITY-PSB/progress", &[("note", "y"), ("key", "k2"), ("action", "record")]);
    assert!(done.status == 303 && done.header("location").contains("git=1"), "{done:?}");
    assert_eq!(git(&here, &["log", "-1", "--format=%s"]), "progress OPN-5.04@CITY-PSB");
}
