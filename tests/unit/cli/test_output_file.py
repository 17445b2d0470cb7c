"""What `-o` names: a file is replaced whole, a link is followed, and anything else is written to as it is."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from senter.errors import InvalidInput, StorageFull
from senter.terminal.output_file import output_file
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon
from tests.unit.cli.test_conversations import CONVERSATION

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes with names")

AUDIT: dict[str, object] = {"entries": [], "total": 0, "intact": True, "broken_at": None, "head": ""}


def write(path: Path, text: str) -> None:
    with output_file(path) as file:
        file.write(text)


@pytest.mark.parametrize(
    ("command", "written"), [(("audit", "export"), ""), (("conversations", "export", "c1"), "A **language**.")]
)
def test_a_pipe_stays_a_pipe_for_every_command(
    cli: Cli, daemon: ScriptedDaemon, tmp_path: Path, command: tuple[str, ...], written: str
) -> None:
    daemon.routes["GET", "/api/audit"] = Response(AUDIT)
    daemon.routes["GET", "/api/conversations/c1"] = Response(CONVERSATION)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert cli.run(*command, "-o", str(pipe)).returncode == 0
        assert written in os.read(reader, 10_000).decode()
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    target, link = tmp_path / "kept" / "talk", tmp_path / "link"
    link.symlink_to(target)
    for text in ("new\n", "newer\n"):  # the first time it leads to nothing
        write(link, text)
        assert (link.is_symlink(), target.read_text()) == (True, text)
    assert list(target.parent.iterdir()) == [target]


def test_a_link_to_a_pipe_is_followed(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(link, "told\n")
        assert os.read(reader, 100) == b"told\n"
    finally:
        os.close(reader)
    assert (link.is_symlink(), stat.S_ISFIFO(pipe.stat().st_mode)) == (True, True)


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="names of open files")
def test_an_open_file_is_written_on(tmp_path: Path) -> None:
    with (tmp_path / "log").open("a") as file:
        file.write("before\n")
        file.flush()
        write(Path(f"/dev/fd/{file.fileno()}"), "told\n")
    assert (tmp_path / "log").read_text() == "before\ntold\n"


def test_what_cannot_be_written_whole_leaves_the_older_file(tmp_path: Path) -> None:
    file = tmp_path / "talk"
    file.write_text("old")
    with pytest.raises(StorageFull), output_file(file) as lines:
        lines.write("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(file, "old")]


def test_a_link_that_leads_round_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(InvalidInput):
        write(link, "told")
    assert link.is_symlink()
