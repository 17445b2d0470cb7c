"""bin/senter: where it may be called from, how it makes its environment, and what it says when it cannot."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.checkout import DEADLINE_SECONDS, PROGRAM, ROOT, Checkout, make_wheel, read_terminal

NOBODY = 65534

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout whose environment is made; tests leave it as they found it."""
    checkout = Checkout(tmp_path_factory.mktemp("made"))
    assert checkout.run().returncode == 0
    return checkout


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def fake_python(tmp_path: Path) -> Path:
    """A folder with a Python that is too old."""
    folder = tmp_path / "old"
    folder.mkdir()
    for name in ("python3", "python3.12"):
        (folder / name).write_text("#!/bin/sh\necho 3.9.18\n")
        (folder / name).chmod(0o755)
    return folder


def assert_one_sentence(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("senter: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert words in done.stderr


def test_the_program_gets_its_arguments_and_stays_where_it_was_called(made: Checkout, tmp_path: Path) -> None:
    done = made.run("ask", "What is Python?", "", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"1.0 {tmp_path} ask What is Python? \n"


def test_it_is_found_through_links_and_relative_paths(made: Checkout, tmp_path: Path) -> None:
    (tmp_path / "first").symlink_to(os.path.relpath(made.senter, tmp_path))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "second").symlink_to("../first")
    path = f"{tmp_path}/deep:/usr/bin:/bin"
    for program in (tmp_path / "first", tmp_path / "deep" / "second", "deep/second", "./first", "sh first", "second"):
        done = made.run("-c", f"{program} x", program=Path("/bin/sh"), cwd=tmp_path, PATH=path)
        assert done.stdout == f"1.0 {tmp_path} x\n", done.stderr


def test_foreign_python_variables_do_not_reach_the_program(made: Checkout, tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text("VERSION = 'foreign'\n")
    folder = str(tmp_path)
    done = made.run(cwd=tmp_path, PYTHONPATH=folder, PYTHONHOME=folder, PYTHONDONTWRITEBYTECODE="1")
    assert done.stdout.startswith("1.0 ")


def test_the_exit_code_is_the_programs(made: Checkout) -> None:
    main = made.root / "src" / "senter" / "__main__.py"
    main.write_text("raise SystemExit(3)\n")
    try:
        assert made.run().returncode == 3
    finally:
        main.write_text(PROGRAM)


@pytest.mark.parametrize("name", ["start", "stop", "restart", "status"])
def test_the_wrappers_run_their_command(made: Checkout, tmp_path: Path, name: str) -> None:
    done = made.run("--json", program=made.root / "bin" / name, cwd=tmp_path)
    assert done.stdout == f"1.0 {tmp_path} {name} --json\n"


@pytest.mark.skipif(shutil.which("dash") is None, reason="needs a shell without extensions")
def test_every_script_is_plain_shell() -> None:
    scripts = [path for path in [*(ROOT / "bin").iterdir(), ROOT / ".ci" / "run"] if path.suffix != ".py"]
    assert len(scripts) >= 10
    for script in scripts:
        assert os.access(script, os.X_OK), script
        assert script.read_text().startswith("#!/bin/sh\n"), script
        subprocess.run(["dash", "-n", script], check=True)


def test_the_benches_are_listed_and_an_unknown_one_is_refused(made: Checkout) -> None:
    (made.root / ".venv" / "requirements-dev.lock").write_text((made.root / "requirements-dev.lock").read_text())
    (made.root / "bench").mkdir()
    (made.root / "bench" / "speed.py").write_text("print('{}')\n")
    bench = made.root / "bin" / "bench"
    assert made.run(program=bench).stdout == "speed\n"
    assert made.run("speed", program=bench).stdout == "{}\n"
    refused = made.run("sped", program=bench)
    assert (refused.returncode, refused.stderr) == (
        2,
        "bin/bench: there is no figure called sped; bin/bench lists them.\n",
    )


def test_a_made_environment_is_left_alone(made: Checkout) -> None:
    before = (made.root / ".venv-log").stat().st_mtime_ns
    assert made.run().returncode == 0
    assert (made.root / ".venv-log").stat().st_mtime_ns == before


def test_a_changed_lock_is_noticed_and_failing_to_follow_it_keeps_what_was_there(made: Checkout) -> None:
    lock = (made.root / "requirements.lock").read_text()
    made.lock("tiny==9.9 --hash=sha256:" + "0" * 64 + "\n")
    assert_one_sentence(made.run(), "the package registry cannot be reached, or lacks a package")
    assert_one_sentence(made.run(), str(made.root / ".venv-log"))
    made.lock(make_wheel(made.wheels, "2.0"))
    assert made.run().stdout.startswith("2.0 ")
    made.lock(lock)
    assert made.run().stdout.startswith("1.0 ")


def test_a_package_that_is_not_the_locked_one_is_refused(made: Checkout) -> None:
    lock = (made.root / "requirements.lock").read_text()
    make_wheel(made.wheels, "3.0")
    made.lock("tiny==3.0 --hash=sha256:" + "0" * 64 + "\n")
    try:
        assert_one_sentence(made.run(), "offers other files than the lock file names")
    finally:
        made.lock(lock)
        assert made.run().stdout.startswith("1.0 ")


def test_packages_are_compiled_when_they_are_installed(made: Checkout) -> None:
    assert list((made.root / ".venv").glob("lib/*/site-packages/__pycache__/tiny.*.pyc"))


def test_two_first_runs_at_once_make_one_environment(fresh: Checkout) -> None:
    both = [
        subprocess.Popen([fresh.senter, str(n)], env=fresh.environment, stdout=subprocess.PIPE, text=True, cwd="/")
        for n in (1, 2)
    ]
    assert [run.communicate(timeout=DEADLINE_SECONDS)[0] for run in both] == ["1.0 / 1\n", "1.0 / 2\n"]
    commands = [line for line in (fresh.root / ".venv-log").read_text().splitlines() if line.startswith("$ ")]
    assert len(commands) == 2


def test_an_interrupted_first_run_is_begun_anew(fresh: Checkout) -> None:
    first = subprocess.Popen([fresh.senter], env=fresh.environment, stdout=subprocess.PIPE, start_new_session=True)
    ends = time.monotonic() + DEADLINE_SECONDS
    while not (fresh.root / ".venv" / "pyvenv.cfg").exists():
        assert time.monotonic() < ends
        assert first.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate(timeout=DEADLINE_SECONDS)
    assert (fresh.root / ".venv" / "unfinished").exists()
    assert fresh.run().stdout.startswith("1.0 ")
    assert not (fresh.root / ".venv" / "unfinished").exists()


def test_an_environment_that_is_linked_in_is_taken_as_it_is(made: Checkout, fresh: Checkout) -> None:
    (fresh.root / ".venv").symlink_to(made.root / ".venv")
    fresh.lock("# another\n")
    assert fresh.run().stdout.startswith("1.0 ")


def test_a_terminal_is_told_what_takes_so_long(fresh: Checkout) -> None:
    ours, theirs = pty.openpty()
    run = subprocess.Popen([fresh.senter], env=fresh.environment, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    said = b"".join(read_terminal(ours))
    run.communicate(timeout=DEADLINE_SECONDS)
    assert said.decode().splitlines() == ["Making the environment (once, about a minute) ..."]


def test_too_old_a_python_is_said_with_what_was_found(fresh: Checkout, fake_python: Path) -> None:
    done = fresh.run(SENTER_PYTHON=str(fake_python / "python3"))
    assert_one_sentence(done, f"Python 3.11 or newer is needed, but {fake_python / 'python3'} is 3.9.18.")
    for name in ("cmp", "sh"):
        (fake_python / name).symlink_to(shutil.which(name) or name)
    done = fresh.run(PATH=str(fake_python))
    assert_one_sentence(done, "python3.12 is 3.9.18, python3 is 3.9.18. Install a newer one")


def test_no_python_at_all_is_said(fresh: Checkout, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("cmp", "sh"):
        (tmp_path / "empty" / name).symlink_to(shutil.which(name) or name)
    assert_one_sentence(fresh.run(PATH=str(tmp_path / "empty")), "there is no Python here")
    assert_one_sentence(fresh.run(SENTER_PYTHON="/nonexistent"), "SENTER_PYTHON is /nonexistent, which does not run")


def test_no_registry_is_said_and_the_next_run_goes_on(fresh: Checkout) -> None:
    done = fresh.run(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL="http://127.0.0.1:9", PIP_RETRIES="0")
    assert_one_sentence(done, "the package registry cannot be reached")
    assert fresh.run().stdout.startswith("1.0 ")


@pytest.mark.skipif(os.getuid() != 0, reason="needs to become another user, or to mount")
def test_a_folder_that_cannot_be_written_to_is_said(fresh: Checkout) -> None:
    for folder in [fresh.root, *fresh.root.parents][:5]:
        if folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", str(fresh.senter)]
    done = subprocess.run(
        as_nobody, env=fresh.environment | {"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert_one_sentence(done, "cannot be written to")


@pytest.mark.skipif(os.getuid() != 0, reason="needs to mount a small disk")
def test_a_full_disk_is_said(fresh: Checkout, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    script = 'mount -t tmpfs -o size=4m none "$0" && cp -r "$1"/* "$0" && exec "$0/bin/senter"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, str(small), str(fresh.root)],
        env=fresh.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine does not allow mounting")
    assert_one_sentence(done, "there is no space left on the disk")
