"""Whatever is organised or moved: links lead to the same files afterwards, and downloads that are not finished stay."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from senter.component.testing import FakeClock
from senter.components.task_engine.contract.access import FolderEntry
from senter.components.task_engine.contract.unfinished import unfinished
from senter.components.task_engine.offline.organising import By, propose
from senter.components.task_engine.permissions.decide import default_grant
from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.file_sort import FileSortArguments, sort_files
from senter.errors import PermissionNeeded, ToolError
from senter.paths import Paths
from tests.support.tool_desk import ToolDesk, tool_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[ToolDesk]:
    async with tool_desk(tmp_path) as opened:
        opened.allow(write_roots=(str(opened.folder),))
        yield opened


DOWNLOADS = (
    "setup.exe.crdownload",
    "movie.mkv.part",
    "ubuntu.iso.!ut",
    "x.download",
    "f.tmp",
    "Unconfirmed 1.crdownload",
    "Unconfirmed 77",
    "big.iso",
    "big.iso.aria2",
    "half.zip",
    "half.zip.PART",
    "o.pdf.opdownload",
    "paper.AbC12_-x.pdf.part",
    "paper.pdf",
    "001.part",
    "001.part.met",
    "clip.mp4.part-Frag12",
)
FINISHED = (
    "report.pdf",
    "movie.part1.rar",
    "partners.txt",
    "Unconfirmed plans.txt",
    "download",
    "tmp.txt",
    "big.iso.torrent",
)


def test_downloads_that_are_not_finished_are_told_by_their_names() -> None:
    assert unfinished({*DOWNLOADS, *FINISHED}) == set(DOWNLOADS)


async def test_downloads_that_are_not_finished_stay_and_are_named(desk: ToolDesk) -> None:
    for name in (*DOWNLOADS, *FINISHED):
        (desk.folder / name).write_text("x")
    names: list[JsonValue] = [*DOWNLOADS, *FINISHED]
    result = await desk.call("file_sort", folder=str(desk.folder), into={"Other": names})
    assert result.data == {"moved": len(FINISHED), "stayed": 0, "left": sorted(DOWNLOADS)}
    assert "- big.iso: its download is not finished" in result.text
    assert all((desk.folder / name).is_file() for name in DOWNLOADS)


async def test_links_and_what_they_lead_to_stay_and_are_named(desk: ToolDesk) -> None:
    folder = desk.folder
    (folder / "logs").mkdir()
    for name in ("logs/today.log", "a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(name)
    (folder / "latest.log").symlink_to("logs/today.log")
    (folder / "logs" / "up").symlink_to("../b.txt")
    (folder / ".hidden").symlink_to(folder / "c.txt")
    into: JsonValue = {"Other": ["latest.log", "a.txt", "b.txt", "c.txt"]}
    for _ in range(2):
        result = await desk.call("file_sort", folder=str(folder), into=into)
        assert result.data == {"moved": 1, "stayed": 0, "left": ["b.txt", "c.txt", "latest.log"]}
        assert "- latest.log: it is a link, or a link leads to it" in result.text
    assert (folder / "Other" / "a.txt").is_file()
    assert (folder / "latest.log").read_text() == "logs/today.log"


@pytest.mark.parametrize(
    ("way", "target", "moved"),
    [
        ("logs/today.log", "sub/latest.log", False),
        ("logs/today.log", "newest.log", True),
        ("/ABSOLUTE/logs/today.log", "sub/latest.log", True),
    ],
)
async def test_a_link_is_moved_only_where_it_leads_to_the_same_file(
    desk: ToolDesk, way: str, target: str, moved: bool
) -> None:
    (desk.folder / "logs").mkdir()
    (desk.folder / "logs" / "today.log").write_text("today")
    link, to = desk.folder / "latest.log", desk.folder / target
    link.symlink_to(way.replace("/ABSOLUTE", str(desk.folder)))
    move: dict[str, JsonValue] = {"source": str(link), "target": str(to)}
    if not moved:
        with pytest.raises(ToolError, match="is a link that would lead elsewhere"):
            await desk.call("file_move", **move)
    else:
        await desk.call("file_move", **move)
        assert to.is_symlink()
        await desk.compensate("file_move", **move)
    assert link.is_symlink()


async def test_a_relative_link_comes_back_from_the_trash_and_leads_to_the_same_file(desk: ToolDesk) -> None:
    (desk.folder / "a.txt").write_text("apple")
    link = desk.folder / "link"
    link.symlink_to("a.txt")
    trashed = await desk.call("file_trash", path=str(link))
    assert not link.is_symlink()
    await desk.call("trash_restore", id=trashed.data["id"])
    assert link.read_text() == "apple"


# Folders of any shape, with links of any kind.

NAMES = st.sampled_from(["a.txt", "b.png", "c.pdf", "d.zip", "e", ".f"])
FOLDERS = st.sampled_from([".", "x", "x/y", "z", ".h"])
PLACES = st.tuples(FOLDERS, NAMES).map(lambda place: Path(*place).as_posix())
STEPS = st.sampled_from(["..", "x", "y", "z", "a.txt", "b.png", "e"])
WAYS = st.one_of(PLACES, FOLDERS, st.lists(STEPS, min_size=1, max_size=4).map("/".join))


@dataclass(frozen=True)
class Made:
    """What is made in a folder: files, and links with their ways, some of them absolute."""

    files: frozenset[str]
    links: Mapping[str, tuple[bool, str]]


MADE = st.builds(
    Made,
    st.frozensets(PLACES, max_size=8),
    st.dictionaries(PLACES, st.tuples(st.booleans(), WAYS), max_size=6),
)


def make(folder: Path, made: Made) -> None:
    for name in ("x/y", "z", ".h"):
        (folder / name).mkdir(parents=True)
    for name, (absolute, way) in made.links.items():
        (folder / name).symlink_to(folder / way if absolute else way)
    for name in made.files - made.links.keys():
        (folder / name).write_text(name)


def ends(folder: Path) -> dict[str, tuple[int, int]]:
    """Every link that leads somewhere, and the file or folder it leads to."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_symlink() and path.exists()}
    return {path.relative_to(folder).as_posix(): (end.st_dev, end.st_ino) for path, end in found.items()}


def access_to(folder: Path) -> GrantedAccess:
    clock, paths, chosen = FakeClock(), Paths(folder.parent / "home"), TaskEngineSettings()
    grant = default_grant(chosen, (folder,), paths, clock).model_copy(update={"write_roots": (str(folder),)})
    return GrantedAccess(grant, paths, clock, chosen)


@settings(max_examples=150)
@given(MADE, st.sampled_from(By))
def test_every_link_leads_to_the_same_file_after_a_folder_was_organised(made: Made, by: By) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.path.realpath(name)) / "d"
        make(folder, made)
        access, before = access_to(folder), ends(folder)
        listing: dict[str, JsonValue] = {"entries": [listed(entry) for entry in access.list(folder)]}
        order = propose(str(folder), listing, by)
        if order.into:
            sort_files(access, FileSortArguments.model_validate(order.model_dump(include={"folder", "into"})))
        assert ends(folder) == before


@settings(max_examples=150)
@given(MADE, PLACES | FOLDERS, st.sampled_from(["new", "z/new", "x/new", "x/y/new"]))
def test_every_link_that_is_moved_leads_to_the_same_file(made: Made, source: str, target: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.path.realpath(name)) / "d"
        make(folder, made)
        before = {place: end for place, end in ends(folder).items() if inside(place, source)}
        try:
            access_to(folder).move(folder / source, folder / target)
        except (PermissionNeeded, ToolError):
            return
        moved = {target + place.removeprefix(source): end for place, end in before.items()}
        assert moved.items() <= ends(folder).items()


def inside(place: str, top: str) -> bool:
    return place == top or place.startswith(f"{top}/")


def listed(entry: FolderEntry) -> JsonValue:
    return {"name": entry.name, "is_folder": entry.is_folder, "is_link": entry.is_link}
