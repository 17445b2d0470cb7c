from __future__ import annotations

import os
import resource
import shutil
import socket
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senter.component.testing import FakeClock
from senter.components.task_engine.permissions import folders
from senter.components.task_engine.permissions.paths import ConfinedFiles
from senter.errors import PermissionNeeded, SenterError, ToolError
from senter.messages.goals import Grant
from senter.messages.needs import CreatePath, ReadPath, WritePath
from tests.support.swapping import swapping

SECRET = b"nobody else's business"


class Scene:
    """A folder to read, a folder to write, a home that is closed but for one folder, and a secret outside."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.read, self.write, self.outside = base / "read", base / "write", base / "outside"
        self.home = base / "home"
        self.results = self.home / "data" / "Focuses"
        for folder in (self.read, self.write, self.outside, self.results):
            folder.mkdir(parents=True)
        self.secret = self.outside / "secret.txt"
        self.secret.write_bytes(SECRET)
        self.files = self.with_roots(self.read, writes=(self.write, self.results))

    def with_roots(
        self,
        *reads: Path,
        writes: tuple[Path, ...] = (),
        creates: tuple[Path, ...] = (),
        sorts: tuple[Path, ...] = (),
    ) -> ConfinedFiles:
        grant = Grant(
            read_roots=tuple(map(str, reads)),
            create_roots=tuple(map(str, creates)),
            sort_roots=tuple(map(str, sorts)),
            write_roots=tuple(map(str, writes)),
        )
        return ConfinedFiles(grant, FakeClock(), self.home, [self.results])

    def read_back(self, path: Path) -> bytes:
        with self.files.open_for_reading(path) as file:
            return file.read()

    def everything_outside(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.outside.rglob("*") if path.is_file()}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_file_below_a_read_root_is_read(scene: Scene) -> None:
    (scene.read / "deep").mkdir()
    (scene.read / "deep" / "a.txt").write_bytes(b"hello")
    assert scene.read_back(scene.read / "deep" / "a.txt") == b"hello"


def test_what_was_written_is_read_back_and_is_private(scene: Scene) -> None:
    path = scene.results / "research" / "results" / "a.md"
    scene.files.write(path, b"one", replace=False)
    assert scene.read_back(path) == b"one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_writing_over_a_file_needs_to_be_asked_for_and_keeps_its_mode(scene: Scene) -> None:
    path = scene.write / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with pytest.raises(ToolError, match="already there"):
        scene.files.write(path, b"new", replace=False)
    assert path.read_bytes() == b"old"
    scene.files.write(path, b"new", replace=True)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in scene.write.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(("was", "now"), [(b"old", b"newer"), (b"old", None), (None, b"newer"), (b"", b"newer")])
def test_a_file_is_rewritten_only_while_it_holds_what_it_was(
    scene: Scene, was: bytes | None, now: bytes | None
) -> None:
    file = scene.write / "a.txt"
    for there, left in ((was, b"mine"), (now, now)):
        file.unlink(missing_ok=True)
        if there is not None:
            file.write_bytes(there)
        with nullcontext() if there == was else pytest.raises(ToolError, match="Another program changed"):
            scene.files.rewrite(file, b"mine", was=was)
        assert (file.read_bytes() if file.exists() else None) == left
        assert {path.name for path in scene.write.iterdir()} <= {file.name}


def test_writing_below_a_read_root_is_outside_the_grant(scene: Scene) -> None:
    with pytest.raises(PermissionNeeded) as raised:
        scene.files.write(scene.read / "a.txt", b"x", replace=False)
    assert raised.value.needs == (CreatePath(path=scene.read / "a.txt"),)
    assert list(scene.read.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "read/../outside/secret.txt",
        "read/./../outside/secret.txt",
        "read/../../../../../../../../etc/passwd",
        "read/deep/../../outside/secret.txt",
        "outside/secret.txt",
        "readable/secret.txt",
        "read/../read/../outside/secret.txt",
    ],
)
def test_paths_that_climb_out_are_outside_the_grant(scene: Scene, path: str) -> None:
    with pytest.raises(PermissionNeeded):
        scene.files.open_for_reading(Path(f"{scene.base}/{path}"))


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/proc/self/environ", "/proc/self/root/etc/passwd", "/dev/zero", "/", "", ".", "..", "a.txt",
     "~/a", "/proc/self/cwd/pyproject.toml", "\0", "/\ud800", "/" + "x" * 10_000, "//etc/passwd", "file:///etc/passwd"],
)  # fmt: skip
def test_odd_and_foreign_paths_are_outside_the_grant(scene: Scene, path: str) -> None:
    for attempt in (scene.files.open_for_reading, scene.files.list, scene.files.make_folder, scene.files.exists):
        with pytest.raises(PermissionNeeded):
            attempt(Path(path))


def test_a_link_out_of_a_root_is_outside_the_grant_and_says_where_it_leads(scene: Scene) -> None:
    (scene.read / "link.txt").symlink_to(scene.secret)
    (scene.read / "folder").symlink_to(scene.outside)
    (scene.read / "climbing").symlink_to("../outside")
    (scene.write / "link.txt").symlink_to(scene.secret)
    with pytest.raises(PermissionNeeded) as raised:
        scene.files.open_for_reading(scene.read / "link.txt")
    assert raised.value.needs == (ReadPath(path=scene.read / "link.txt", leads_to=str(scene.secret)),)
    for path in ("folder/secret.txt", "climbing/secret.txt"):
        with pytest.raises(PermissionNeeded):
            scene.files.open_for_reading(scene.read / path)
    with pytest.raises(PermissionNeeded):
        scene.files.write(scene.write / "link.txt", b"gone", replace=True)
    assert scene.secret.read_bytes() == SECRET


def test_a_link_that_stays_inside_the_roots_is_followed(scene: Scene) -> None:
    (scene.write / "a.txt").write_bytes(b"inside")
    (scene.read / "link.txt").symlink_to(scene.write / "a.txt")
    (scene.read / "relative").symlink_to("../write")
    assert scene.read_back(scene.read / "link.txt") == b"inside"
    assert scene.read_back(scene.read / "relative" / "a.txt") == b"inside"


def test_links_that_go_in_a_circle_are_refused(scene: Scene) -> None:
    (scene.read / "a").symlink_to("b")
    (scene.read / "b").symlink_to("a")
    with pytest.raises(SenterError):
        scene.files.open_for_reading(scene.read / "a")


def test_links_into_proc_lead_nowhere(scene: Scene) -> None:
    (scene.read / "root").symlink_to("/proc/self/root")
    (scene.read / "descriptor").symlink_to("/proc/self/fd/0")
    for path in ("root/etc/passwd", "descriptor"):
        with pytest.raises(PermissionNeeded):
            scene.files.open_for_reading(scene.read / path)


def test_files_made_up_by_the_kernel_are_refused_even_where_a_grant_names_them(scene: Scene) -> None:
    everywhere = scene.with_roots(Path("/"))
    for path in ("/proc/self/environ", "/proc/1/cmdline", "/sys/kernel/uevent_seqnum", "/dev/zero"):
        with pytest.raises(ToolError, match=r"ordinary file|There is no"):
            everywhere.open_for_reading(Path(path))


def test_pipes_and_sockets_are_refused_without_waiting(scene: Scene) -> None:
    os.mkfifo(scene.read / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(scene.read / "s"))
        for name in ("pipe", "s"):
            with pytest.raises(ToolError, match="not an ordinary file"):
                scene.files.open_for_reading(scene.read / name)


def test_a_file_that_is_too_large_is_refused(scene: Scene) -> None:
    with (scene.read / "large").open("wb") as file:
        file.truncate(folders.LARGEST_FILE_BYTES + 1)
    with pytest.raises(ToolError, match="larger than 256 MB"):
        scene.files.open_for_reading(scene.read / "large")


def test_hidden_files_below_a_root_are_outside_the_grant(scene: Scene) -> None:
    (scene.read / ".ssh").mkdir()
    (scene.read / ".ssh" / "id_ed25519").write_bytes(SECRET)
    with pytest.raises(PermissionNeeded):
        scene.files.open_for_reading(scene.read / ".ssh" / "id_ed25519")
    with pytest.raises(PermissionNeeded):
        scene.files.write(scene.write / ".bashrc", b"x", replace=False)
    assert scene.files.list(scene.read) == []
    named = scene.with_roots(scene.read / ".ssh")
    with named.open_for_reading(scene.read / ".ssh" / "id_ed25519") as file:
        assert file.read() == SECRET


def test_the_home_of_senter_is_closed_even_where_a_grant_names_it(scene: Scene) -> None:
    (scene.home / "run").mkdir()
    (scene.home / "run" / "token").write_bytes(SECRET)
    files = scene.with_roots(scene.base, scene.home / "run", writes=(scene.home,))
    with pytest.raises(ToolError, match="closed to goals"):
        files.open_for_reading(scene.home / "run" / "token")
    with pytest.raises(ToolError, match="closed to goals"):
        files.write(scene.home / "settings.toml", b"x", replace=True)
    with pytest.raises(ToolError, match="closed to goals"):
        files.write(scene.home / "data" / "tasks.db", b"x", replace=True)
    files.write(scene.results / "a.md", b"x", replace=False)


def test_a_grant_for_one_file_covers_that_file_alone(scene: Scene) -> None:
    other = scene.outside / "other.txt"
    other.write_bytes(SECRET)
    files = scene.with_roots(scene.secret)
    with files.open_for_reading(scene.secret) as file:
        assert file.read() == SECRET
    with pytest.raises(PermissionNeeded):
        files.open_for_reading(other)
    with pytest.raises(PermissionNeeded):
        files.list(scene.outside)


def test_below_a_create_root_new_things_are_made_and_nothing_is_lost(scene: Scene) -> None:
    files = scene.with_roots(scene.read, creates=(scene.write,))
    old, new = scene.write / "old.txt", scene.write / "deep" / "new.txt"
    for path in (old, scene.read / "a.txt"):
        path.write_bytes(b"old")
    files.write(new, b"new", replace=True)
    files.copy(scene.read / "a.txt", scene.write / "copy.txt")
    files.make_folder(scene.write / "folder")
    assert files.made == [new, scene.write / "copy.txt"]
    with files.open_for_reading(old) as file:
        assert file.read() == b"old"
    with pytest.raises(PermissionNeeded) as raised:
        files.write(old, b"new", replace=True)
    assert raised.value.needs == (WritePath(path=old),)
    with pytest.raises(ToolError, match="already there"):
        files.write(old, b"new", replace=False)
    for attempt in (lambda: files.move(old, scene.write / "b"), lambda: files.move(new, old)):
        with pytest.raises(PermissionNeeded):
            attempt()
    assert old.read_bytes() == b"old"


def test_below_a_sort_root_files_move_into_folders_beside_them_and_nowhere_else(scene: Scene) -> None:
    files = scene.with_roots(sorts=(scene.write, scene.results), creates=(scene.outside,))
    for path in (scene.write / "a.txt", scene.write / "b.txt", scene.write / "link", scene.results / "a.txt"):
        path.write_bytes(b"x")
    files.move(scene.write / "a.txt", scene.write / "Texts" / "a.txt")
    assert (scene.write / "Texts" / "a.txt").exists()
    b, texts = scene.write / "b.txt", scene.write / "Texts"
    refused = [
        (b, texts / "c.txt"),
        (b, texts / "deep" / "b.txt"),
        (b, scene.outside / "b.txt"),
        (b, scene.write / ".hidden" / "b.txt"),
        (b, scene.write / "b" / ".." / ".." / "outside" / "b.txt"),
        (texts / "a.txt", scene.write / "a.txt"),
        (scene.results / "a.txt", scene.results / "Texts" / "a.txt"),
    ]
    for source, target in refused:
        with pytest.raises(PermissionNeeded):
            files.move(source, target)
        assert source.exists()
    with pytest.raises(PermissionNeeded):
        files.write(b, b"new", replace=True)
    with pytest.raises(PermissionNeeded):
        files.write(scene.write / "c.txt", b"new", replace=False)


def test_a_list_shows_links_without_following_them(scene: Scene) -> None:
    (scene.read / "b").mkdir()
    (scene.read / "a.txt").write_bytes(b"12345")
    (scene.read / "c").symlink_to(scene.outside)
    shown = [(entry.name, entry.is_folder) for entry in scene.files.list(scene.read)]
    assert shown == [("a.txt", False), ("b", True), ("c", False)]
    assert scene.files.list(scene.read)[0].size_bytes == 5


def test_moving_never_replaces_and_says_so_the_second_time(scene: Scene) -> None:
    (scene.write / "a").write_bytes(b"a")
    (scene.write / "b").write_bytes(b"b")
    with pytest.raises(ToolError, match="already there"):
        scene.files.move(scene.write / "a", scene.write / "b")
    scene.files.move(scene.write / "a", scene.write / "new" / "a")
    assert (scene.write / "new" / "a").read_bytes() == b"a"
    with pytest.raises(ToolError, match="There is no"):
        scene.files.move(scene.write / "a", scene.write / "new" / "a")


def test_moving_takes_folders_and_links_themselves(scene: Scene) -> None:
    (scene.write / "folder").mkdir()
    (scene.write / "folder" / "a").write_bytes(b"a")
    (scene.write / "link").symlink_to(scene.secret)
    scene.files.move(scene.write / "folder", scene.results / "folder")
    scene.files.move(scene.write / "link", scene.results / "link")
    assert (scene.results / "folder" / "a").read_bytes() == b"a"
    assert (scene.results / "link").is_symlink()
    assert scene.secret.read_bytes() == SECRET


def test_moving_a_folder_into_itself_is_refused(scene: Scene) -> None:
    (scene.write / "folder").mkdir()
    with pytest.raises(ToolError):
        scene.files.move(scene.write / "folder", scene.write / "folder" / "inner")
    assert [path.name for path in scene.write.rglob("*")] == ["folder"]


def test_the_folders_of_senter_stay_where_they_are(scene: Scene) -> None:
    files = scene.with_roots(writes=(scene.base, scene.results))
    for path in (scene.results, scene.home, scene.home / "data"):
        with pytest.raises(ToolError, match=r"stays where it is|closed to goals"):
            files.move(path, scene.write / "moved")


@pytest.mark.parametrize("known", [True, False])
def test_moving_replaces_nothing_where_the_kernel_cannot_promise_it(
    scene: Scene, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not known:
        monkeypatch.setattr(folders.sys, "platform", "another")
    (scene.write / "a").write_bytes(b"a")
    (scene.write / "b").mkdir()
    (scene.write / "folder").mkdir()
    for source in ("a", "folder"):
        with pytest.raises(ToolError, match="already there"):
            scene.files.move(scene.write / source, scene.write / "b")
        scene.files.move(scene.write / source, scene.write / f"{source}-moved")
    assert sorted(path.name for path in scene.write.iterdir()) == ["a-moved", "b", "folder-moved"]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second file system to move to")
def test_a_file_moves_to_another_file_system(scene: Scene) -> None:
    other = Path("/dev/shm") / f"senter-test-{os.getpid()}"
    other.mkdir()
    try:
        (scene.write / "a").write_bytes(b"a")
        scene.with_roots(writes=(scene.write, other)).move(scene.write / "a", other / "a")
        assert (other / "a").read_bytes() == b"a"
        assert not (scene.write / "a").exists()
    finally:
        shutil.rmtree(other)


def test_copying_takes_a_file_from_a_read_root(scene: Scene) -> None:
    (scene.read / "a").write_bytes(b"a")
    scene.files.copy(scene.read / "a", scene.write / "b")
    assert (scene.write / "b").read_bytes() == b"a"
    with pytest.raises(ToolError, match="already there"):
        scene.files.copy(scene.read / "a", scene.write / "b")
    with pytest.raises(PermissionNeeded):
        scene.files.copy(scene.secret, scene.write / "c")
    with pytest.raises(PermissionNeeded):
        scene.files.copy(scene.read / "a", scene.outside / "c")


def test_a_write_that_finds_no_room_leaves_the_old_file_and_nothing_else(scene: Scene) -> None:
    (scene.write / "a").write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(ToolError, match="File too large"):
            scene.files.write(scene.write / "a", bytes(200_000), replace=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [(path.name, path.read_bytes()) for path in scene.write.iterdir()] == [("a", b"old")]


def test_a_folder_is_not_written_over_and_a_file_is_no_folder(scene: Scene) -> None:
    (scene.write / "a").write_bytes(b"old")
    (scene.write / "folder").mkdir()
    with pytest.raises(ToolError, match="not an ordinary file"):
        scene.files.write(scene.write / "folder", b"x", replace=True)
    with pytest.raises(ToolError, match="not what it was taken for"):
        scene.files.write(scene.write / "a" / "b", b"x", replace=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names change places in one step on Linux only")
def test_a_folder_that_is_swapped_for_a_link_while_it_is_used_never_leads_outside(scene: Scene) -> None:
    shared, link = scene.write / "shared", scene.write / "link"
    shared.mkdir()
    (shared / "secret.txt").write_bytes(b"mine")
    link.symlink_to(scene.outside)
    before = scene.everything_outside()
    done = refused = 0
    with swapping(shared, link):
        for number in range(1_500):
            try:
                assert scene.read_back(shared / "secret.txt") == b"mine"
                scene.files.write(shared / f"{number % 7}", b"x", replace=True)
                done += 1
            except SenterError:
                refused += 1
    assert done
    assert refused
    assert scene.everything_outside() == before


NAMES = st.sampled_from(["a", "b", "..", ".", "link", "out", "loop", ".hidden", "secret.txt", "outside", "read", ""])


@settings(max_examples=80)
@given(parts=st.lists(NAMES, max_size=8), target=st.lists(NAMES, max_size=5), text=st.text(max_size=40))
def test_no_path_whatever_it_is_reads_the_secret_or_changes_the_outside(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], target: list[str], text: str
) -> None:
    scene = Scene(tmp_path_factory.mktemp("scene"))
    (scene.read / "a").mkdir()
    (scene.write / "b").mkdir()
    for root in (scene.read, scene.write, scene.read / "a"):
        (root / "link").symlink_to("/".join(target) or ".")
        (root / "out").symlink_to(scene.outside)
        (root / "loop").symlink_to("loop")
    before = scene.everything_outside()
    for path in (scene.read / "/".join(parts), scene.write / "/".join(parts), Path(text), scene.write / text):
        for attempt in (
            lambda path=path: scene.files.write(path, b"x", replace=True),
            lambda path=path: scene.files.make_folder(path / "made"),
            lambda path=path: scene.files.copy(path, scene.write / "copied"),
            lambda path=path: scene.files.move(path, scene.write / "moved"),
        ):
            try:
                attempt()
            except SenterError:
                continue
        try:
            assert scene.read_back(path) != SECRET
        except SenterError:
            continue
    assert scene.everything_outside() == before
    assert SECRET not in [path.read_bytes() for path in scene.write.rglob("*") if path.is_file()]
    shutil.rmtree(scene.base)
