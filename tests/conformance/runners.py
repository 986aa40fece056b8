#!/usr/bin/env python3
"""What runs the gate elsewhere, run here as far as one machine can: the GitHub action's steps, the
GitLab job's script, the pre-commit hooks (by pre-commit itself), the jobs that `duban init` writes,
and completions in a real bash on a real terminal. Each once on a whole register and once on a
broken one, which must fail.

Usage: runners.py DUBAN     the built program; pre-commit and PyYAML are installed into a venv
"""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parents[2]

try:
    import yaml
    import pre_commit  # noqa: F401
except ImportError:
    if os.environ.get("DUBAN_VENV"):
        sys.exit("runners.py: PyYAML and pre-commit are not there and could not be installed")
    venv = pathlib.Path(tempfile.gettempdir()) / "duban-runners-venv"
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "PyYAML>=6,<7", "pre-commit>=3,<5"], check=True)
    os.environ["DUBAN_VENV"] = str(venv)
    os.execv(str(python), [str(python), *sys.argv])

DUBAN = pathlib.Path(sys.argv[1]).resolve()
DAY = "2026-10-31T12:00:00+08:00"
failed = []


def told(what, ok, out=""):
    print(f"{'ok' if ok else 'FAILED'} {what}")
    if not ok:
        print(out)
        failed.append(what)


def run(args, cwd, env=None):
    done = subprocess.run(args, cwd=cwd, env=env, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def repository(work, name, broken):
    """A repository that holds the shipped registers, committed; one obligation without owner where broken."""
    top = work / name
    shutil.copytree(HOME / "obligations", top / "obligations")
    if broken:
        part = top / "obligations/opinions-2022/3-industry.yaml"
        text = part.read_text(encoding="utf-8")
        at = text.index("- id: OPN-3.18")
        start = text.index("  owner:", at)
        part.write_text(text[:start] + text[text.index("\n", start) + 1:], encoding="utf-8")
    env = {**os.environ, "GIT_COMMITTER_DATE": DAY, "GIT_AUTHOR_DATE": DAY}
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    for args in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "register"]):
        subprocess.run(["git", *args], cwd=top, env=env, check=True)
    return top


def action(top, inputs):
    """Runs a composite action's steps as the runner does: inputs only through the environment."""
    data = yaml.safe_load((HOME / ".github/actions/duban/action.yml").read_text(encoding="utf-8"))
    values = {name: spec.get("default", "") for name, spec in data["inputs"].items()}
    unknown = set(inputs) - set(values)
    assert not unknown, unknown
    values.update(inputs)
    exported = top / ".git" / "github-env"
    exported.write_text("")

    def fill(text):
        text = re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda m: values[m.group(1)], str(text))
        return text.replace("${{ github.action_path }}", str(HOME / ".github/actions/duban"))

    out = ""
    for step in data["runs"]["steps"]:
        assert "${{" not in step["run"], "an expression inside a script would let an input become code"
        cond = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) (==|!=) '([^']*)' \}\}", step.get("if", "${{ inputs.verify != 'x' }}"))
        if (values[cond.group(1)] == cond.group(3)) != (cond.group(2) == "=="):
            continue
        env = {**os.environ, **{k: fill(v) for k, v in step.get("env", {}).items()}, "GITHUB_ENV": str(exported)}
        env.update(line.split("=", 1) for line in exported.read_text().splitlines())
        code, text = run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], top, env)
        out += f"[{step['name']}]\n{text}"
        if code:
            return code, out
    return 0, out


def path_with(work):
    bin_dir = work / "bin"
    bin_dir.mkdir(exist_ok=True)
    if not (bin_dir / "duban").exists():
        (bin_dir / "duban").symlink_to(DUBAN)
    return {**os.environ, "PATH": f"{bin_dir}:{os.environ['PATH']}", "LC_ALL": "en_US.UTF-8"}


def gitlab(top, env):
    job = yaml.safe_load((HOME / ".gitlab/duban.yml").read_text(encoding="utf-8"))[".duban"]
    return run(["sh", "-ec", "\n".join(job["script"])], top, env)


def hooks(top, env, work):
    """The hooks as they stand, but with the program that is built instead of building it again."""
    all_ = yaml.safe_load((HOME / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    local = [{**hook, "language": "system"} for hook in all_]
    config = {"repos": [{"repo": "local", "hooks": local}]}
    (top / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    env = {**env, "PRE_COMMIT_HOME": str(work / "pre-commit")}
    return run([sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"], top, env)


def bash(top, env, keys, want, limit=20.0):
    """Types into an interactive bash and waits for words on its screen."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(top)
        os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], {**env, "PS1": "$ ", "TERM": "dumb", "INPUTRC": "/dev/null"})
    seen = ""

    def until(word, limit=limit):
        nonlocal seen
        end = time.time() + limit
        while word not in seen and time.time() < end:
            if select.select([fd], [], [], 0.2)[0]:
                try:
                    seen += os.read(fd, 4096).decode("utf-8", "replace")
                except OSError:
                    break
        return word in seen

    os.write(fd, b"bind 'set bell-style none'; source <(duban completions bash); echo rea''dy\n")
    ready = until("ready\r\n", 20.0)
    seen = ""
    os.write(fd, keys.encode())
    ok = ready and until(want)
    os.write(fd, b"\x03exit\n")
    os.close(fd)
    os.waitpid(pid, 0)
    return ok, seen


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        whole, broken = repository(work, "whole", False), repository(work, "broken", True)
        env = path_with(work)
        for top, want, name in ((whole, 0, "whole"), (broken, 1, "broken")):
            code, out = action(top, {"duban": str(DUBAN), "args": "--lang\nen"})
            told(f"action: {name}", code == want and ("O001" in out) == bool(want), out)
            code, out = gitlab(top, env)
            told(f"gitlab: {name}", code == want, out)
            code, out = hooks(top, env, work)
            told(f"pre-commit: {name}", (code != 0) == bool(want) and "duban check" in out and "Skipped" not in out, out)
        code, out = action(whole, {"duban": str(DUBAN), "register": "obligations/sample-city", "verify": "false"})
        told("action: another register, without verify", code == 0 and "[verify]" not in out, out)
        code, out = run([sys.executable, "-m", "pre_commit", "validate-manifest", str(HOME / ".pre-commit-hooks.yaml")], work)
        told("pre-commit: the manifest is one", code == 0, out)

        for ci, place in (("github", ".github/workflows/obligations.yml"), ("gitlab", ".gitlab-ci.yml")):
            code, out = run([str(DUBAN), "init", ci, "--ci", ci, "--code", "CITY"], work)
            office = work / ci
            job = yaml.load((office / place).read_text(encoding="utf-8"), yaml.BaseLoader)
            script = job["jobs"]["check"]["steps"][-1]["run"] if ci == "github" else job["obligations"]["script"][0]
            code2, out2 = run(["sh", "-ec", script], office, env)
            told(f"init --ci {ci}: its job passes", code == 0 and code2 == 0 and "通过" in out2, out + out2)
            (office / "obligations/plan.yaml").write_text("- duty: OPN-9.99\n", encoding="utf-8")
            code, out = run(["sh", "-ec", script], office, env)
            told(f"init --ci {ci}: its job fails on a broken plan", code == 1 and "E010" in out, out)

        city = whole / "obligations/sample-city"
        for keys, want in (
            ("duban show OPN-3.1\t\t", "OPN-3.18"),
            ("duban log progress OPN-0.31@CITY-CA\t\t", "CITY-CAM"),
            ("duban list dept:CITY-PS\t", "dept:CITY-PSB"),
            ("duban list status:submi\t", "status:submitted"),
            ("duban set OPN-3.09 req\t", "requirement"),
        ):
            ok, seen = bash(city, env, keys, want)
            told(f"bash: {keys!r} offers {want}", ok, seen)
        ok, seen = bash(work, env, "duban show OPN-3.1\t\t", "OPN-3.18", 3.0)
        told("bash: without a register nothing is offered", not ok, seen)

        pages = work / "man"
        run([str(DUBAN), "man", str(pages)], work)
        names = sorted(p.name for p in pages.glob("*.1"))
        reader = shutil.which("mandoc") and ["mandoc", "-T", "utf8"] or shutil.which("man") and ["man", "--warnings", "-l"] or None
        if reader is None:
            print("skipped: neither mandoc nor man is here, the manual pages were not read")
        else:
            bad = []
            for name in names:
                code, out = run([*reader, str(pages / name)], work, {**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"})
                if code or "NAME" not in out or "warning" in out.lower().split("options")[0]:
                    bad.append((name, out[:300]))
            told(f"man: {len(names)} pages read by {reader[0]}", len(names) > 20 and not bad, str(bad[:3]))
    sys.exit(1 if failed else 0)


main()
