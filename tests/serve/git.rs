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
    // Nobody waits for a remote: it is pushed a moment later.
    let soon = |so: &dyn Fn() -> bool| {
        (0..100).any(|_| {
            so() || {
                std::thread::sleep(std::time::Duration::from_millis(200));
                false
            }
        })
    };
    assert!(soon(&|| git(&remote, &["rev-list", "--count", "main"]) == "3"));
    let log = git(&here, &["log", "-3", "--format=%an|%s"]);
    assert_eq!(log, "officer-psb|progress OPN-5.04@CITY-PSB\nx|theirs\nx|first");
    let files = git(&here, &["show", "--name-only", "--format=", "HEAD"]);
    assert!(files.lines().count() == 1 && files.starts_with("obligations/sample-city/log/CITY-PSB/"), "{files}");
    assert_eq!(git(&here, &["diff", "--cached", "--name-only"]), "staged");
    // A remote that is gone is told with the next entry; both stand, and reach it when it is back.
    std::fs::rename(&remote, here.join("other/away.git")).unwrap();
    let send = |officer: &mut super::world::Client, key: &str| {
        officer
            .post("/assignment/OPN-5.04%40CITY-PSB/progress", &[("note", "y"), ("key", key), ("action", "record")])
            .header("location")
            .to_string()
    };
    assert!(!send(&mut officer, "k2").contains("git="));
    let mut n = 2;
    assert!(soon(&|| officer
        .clone()
        .get("/metrics")
        .text()
        .lines()
        .any(|l| l.starts_with("duban_git_failed_total ") && !l.ends_with(" 0"))));
    n += 1;
    assert!(send(&mut officer, "k3").contains("git=1"));
    std::fs::rename(here.join("other/away.git"), &remote).unwrap();
    assert!(soon(&|| git(&remote, &["rev-list", "--count", "main"]) == (n + 2).to_string()));
    // Drafts are nobody's to publish.
    let path = "/assignment/OPN-5.04%40CITY-PSB/progress";
    assert_eq!(officer.post(path, &[("note", "half"), ("key", "d"), ("action", "draft")]).status, 303);
    send(&mut officer, "k4");
    assert!(soon(&|| git(&remote, &["rev-list", "--count", "main"]) == (n + 3).to_string()));
    assert!(!git(&remote, &["ls-tree", "-r", "--name-only", "main"]).contains("drafts"));
}
