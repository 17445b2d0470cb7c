from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from senter.component.kinds import SCAN
from senter.components.documents.settings import DocumentsSettings
from senter.errors import InvalidInput, NotFound
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.documents import (
    AddFolder,
    DocumentText,
    FoldersChanged,
    ListFolders,
    ReadDocument,
    RemoveFolder,
    SearchDocuments,
)
from senter.messages.health import HealthStatus
from senter.messages.message import Event
from tests.support.documents import pdf
from tests.support.office_bytes import docx, paragraph, xlsx
from tests.unit.components.documents.conftest import Desk
from tests.waiting import until


async def test_text_markdown_html_and_pdf_are_found_with_title_and_excerpt(desk: Desk) -> None:
    (desk.folder / "garden.txt").write_text("The walnut tree wants water in August.")
    (desk.folder / "notes.md").write_text("# Python decorators\n\nA decorator wraps a function.")
    (desk.folder / "page.html").write_text("<title>Sea</title><p>Salt &amp; kelp</p><script>walnut</script>")
    (desk.folder / "paper.pdf").write_bytes(pdf("Glaciers are melting"))
    async with desk.open():
        view = await desk.add(desk.folder)
        assert (view.files, view.skipped) == (4, 0)
        assert await desk.names("walnut") == ["garden.txt"]
        found = (await desk.search("What is a decorator?"))[0]
        assert (found.title, Path(found.path).name) == ("Python decorators", "notes.md")
        assert "A decorator wraps a function." in found.excerpt
        assert (await desk.search("kelp"))[0].title == "Sea"
        assert await desk.names("glacier") == ["paper.pdf"]


async def test_a_file_is_found_by_its_name_and_in_other_forms_of_a_word(desk: Desk) -> None:
    (desk.folder / "insurance-contract.txt").write_text("It was signed in June. The houses were painted.")
    async with desk.open():
        await desk.add(desk.folder)
        for query in ("insurance", "contracts", "painting house", "insur", "CONTRACT"):
            assert await desk.names(query) == ["insurance-contract.txt"], query


async def test_a_document_with_all_the_words_comes_before_one_with_some(desk: Desk) -> None:
    (desk.folder / "some.txt").write_text("red red red red")
    (desk.folder / "all.txt").write_text("a red and green boat with a long tail of other words about nothing at all")
    async with desk.open():
        await desk.add(desk.folder)
        assert await desk.names("red green boat") == ["all.txt", "some.txt"]


async def test_a_long_document_is_named_once_with_its_best_place(desk: Desk) -> None:
    filler = "nothing to see here. " * 1_000
    (desk.folder / "long.txt").write_text(f"{filler}\n\nthe zebra crossed\n\n{filler}\n\nzebra zebra zebra\n\n{filler}")
    async with desk.open():
        await desk.add(desk.folder)
        found = await desk.search("zebra")
        assert len(found) == 1
        assert "zebra zebra zebra" in found[0].excerpt


async def test_changed_new_and_deleted_files_are_followed(desk: Desk) -> None:
    first, second = desk.folder / "first.txt", desk.folder / "sub" / "second.txt"
    second.parent.mkdir()
    first.write_text("apple")
    second.write_text("banana")
    async with desk.open():
        await desk.add(desk.folder)
        first.write_text("cherry")
        second.unlink()
        second.parent.rmdir()
        (desk.folder / "third.txt").write_text("damson")
        view = await desk.rescan()
        assert view.files == 2
        assert await desk.names("cherry") == ["first.txt"]
        assert await desk.names("damson") == ["third.txt"]
        assert await desk.search("apple") == []
        assert await desk.search("banana") == []


async def test_a_file_that_did_not_change_is_not_read_again(desk: Desk) -> None:
    file = desk.folder / "same.txt"
    file.write_text("apple")
    before = file.stat()
    async with desk.open():
        await desk.add(desk.folder)
        file.write_text("grape")  # as long, in the same inode, at the same moment: the stamp says nothing changed
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        await desk.rescan()
        assert await desk.names("apple") == ["same.txt"]


async def test_the_index_is_kept_over_a_restart(desk: Desk) -> None:
    (desk.folder / "a.txt").write_text("apple")
    async with desk.open():
        await desk.add(desk.folder)
    async with desk.open():
        assert await desk.names("apple") == ["a.txt"]


async def test_a_removed_folder_is_not_found_any_more_and_its_files_stay(desk: Desk) -> None:
    file = desk.folder / "a.txt"
    file.write_text("apple")
    async with desk.open():
        await desk.add(desk.folder)
        await desk.bus.request(RemoveFolder(path=str(desk.folder)), timeout_seconds=5)
        assert await desk.search("apple") == []
        assert (await desk.bus.request(ListFolders(), timeout_seconds=5)).folders == ()
    assert file.exists()


async def test_nothing_of_a_removed_folder_stays_in_the_index_file(desk: Desk) -> None:
    (desk.folder / "a.txt").write_text("apple")
    async with desk.open():
        await desk.add(desk.folder)
        await desk.bus.request(RemoveFolder(path=str(desk.folder)), timeout_seconds=5)
        while (await desk.bus.request(SearchDocuments(query="x"), timeout_seconds=5)).searched:
            await asyncio.sleep(0)
    files = (desk.home / "data" / "index").iterdir()
    assert not any(b"apple" in file.read_bytes() for file in files)


async def test_a_folder_inside_another_is_indexed_once_and_outlives_it(desk: Desk) -> None:
    inner = desk.folder / "inner"
    inner.mkdir()
    (inner / "a.txt").write_text("apple")
    (desk.folder / "b.txt").write_text("banana")
    async with desk.open():
        await desk.add(desk.folder)
        await desk.bus.request(AddFolder(path=str(inner)), timeout_seconds=5)
        assert len(await desk.search("apple")) == 1
        await desk.bus.request(RemoveFolder(path=str(desk.folder)), timeout_seconds=5)
        await desk.indexed(inner)
        assert await desk.names("apple") == ["a.txt"]
        assert await desk.search("banana") == []


async def test_every_change_of_the_folders_is_announced(desk: Desk) -> None:
    seen: list[tuple[str, ...]] = []

    async def note(event: Event, _replayed: bool) -> Consumed:
        assert isinstance(event, FoldersChanged)
        seen.append(event.paths)
        return Consumed(ConsumerOutcome.DONE)

    async with desk.open():
        await desk.bus.consume((FoldersChanged,), note)
        await desk.add(desk.folder)
        await desk.add(desk.folder)
        await desk.bus.request(RemoveFolder(path=str(desk.folder)), timeout_seconds=5)
        await until(lambda: len(seen) == 2)
    assert seen == [(str(desk.folder),), ()]


@pytest.mark.parametrize("path", ["relative", "/", "/proc/self", "/no/such/folder", "/etc/passwd"])
async def test_what_cannot_be_a_folder_of_documents_is_refused_with_a_reason(desk: Desk, path: str) -> None:
    async with desk.open():
        with pytest.raises((InvalidInput, NotFound)) as refusal:
            await desk.bus.request(AddFolder(path=path), timeout_seconds=5)
        assert refusal.value.hint


def test_a_path_that_no_system_takes_is_no_message() -> None:
    with pytest.raises(ValidationError, match="NUL character"):
        AddFolder(path="nul\0")


async def test_senters_own_folder_is_refused_and_left_out_of_a_folder_around_it(desk: Desk) -> None:
    async with desk.open():
        (desk.home / "data" / "secret.txt").write_text("apple")
        with pytest.raises(InvalidInput, match="own folder"):
            await desk.bus.request(AddFolder(path=str(desk.home / "data")), timeout_seconds=5)
        await desk.add(desk.home.parent)
        assert await desk.search("apple") == []


async def test_links_are_not_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("apple")
    (desk.folder / "link.txt").symlink_to(outside / "secret.txt")
    (desk.folder / "folder").symlink_to(outside)
    (desk.folder / "circle").symlink_to(desk.folder)
    async with desk.open():
        view = await desk.add(desk.folder)
        assert (view.files, view.skipped) == (0, 3)
        assert {one.reason for one in await desk.skipped()} == {"It is a link; links are not followed."}
        assert await desk.search("apple") == []


async def test_what_cannot_be_read_is_skipped_and_counted(desk: Desk) -> None:
    (desk.folder / "good.txt").write_text("apple")
    (desk.folder / "binary.txt").write_bytes(b"apple\0\1\2")
    (desk.folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (desk.folder / "large.txt").write_bytes(b"apple " * 300_000)
    (desk.folder / "picture.png").write_bytes(b"apple")
    (desk.folder / "film.mkv").write_bytes(b"apple")
    (desk.folder / ".hidden.txt").write_text("apple")
    os.mkfifo(desk.folder / "pipe.txt")
    (desk.folder / os.fsdecode(b"\xff.txt")).write_text("apple")
    (desk.folder / "node_modules").mkdir()
    (desk.folder / "node_modules" / "readme.md").write_text("apple")
    async with desk.open(DocumentsSettings(max_file_mb=1)):
        view = await desk.add(desk.folder)
        assert (view.files, view.skipped) == (1, 7)
        assert [(Path(one.path).name, one.reason) for one in await desk.skipped()] == [
            ("binary.txt", "It is not text."),
            ("broken.pdf", (await desk.skipped())[1].reason),
            ("large.txt", "It is larger than the limit."),
            ("film.mkv", "It is of no kind that is read."),
            ("pipe.txt", "It is not a file."),
            (r"\udcff.txt", "Its name cannot be read as text."),
            ("picture.png", "An image: images are not read."),
        ]
        assert await desk.names("apple") == ["good.txt"]


async def test_each_folder_counts_what_is_skipped_in_it_and_nothing_of_others(desk: Desk) -> None:
    beside, inner = desk.folder.with_name("papers2"), desk.folder / "inner"
    for folder, count in ((desk.folder, 1), (inner, 2), (beside, 4)):
        folder.mkdir(exist_ok=True)
        for number in range(count):
            (folder / f"{number}.bin").write_bytes(b"x")
    async with desk.open():
        await desk.add(inner)
        await desk.add(beside)
        await desk.add(desk.folder)
        assert [(await desk.view(one)).skipped for one in (inner, beside, desk.folder)] == [2, 4, 3]
        (inner / "1.bin").unlink()
        await desk.rescan()
        assert [(await desk.view(one)).skipped for one in (inner, beside, desk.folder)] == [1, 4, 2]
        await desk.bus.request(RemoveFolder(path=str(desk.folder)), timeout_seconds=5)
        await desk.bus.request(RemoveFolder(path=str(beside)), timeout_seconds=5)
        assert [one.path for one in await desk.skipped()] == [str(inner / "0.bin")]


async def test_what_was_passed_over_in_a_folder_is_forgotten_with_it(desk: Desk) -> None:
    (desk.folder / "secret.png").write_bytes(b"x")
    async with desk.open():
        await desk.add(desk.folder)
        await desk.bus.request(RemoveFolder(path=str(desk.folder)), timeout_seconds=5)
        with closing(sqlite3.connect(desk.home / "data" / "index" / "documents.db")) as index:
            await until(lambda: not index.execute("SELECT * FROM passed_over").fetchall())


async def test_latin_1_and_a_byte_order_mark_are_read(desk: Desk) -> None:
    (desk.folder / "old.txt").write_bytes("Käse und Brötchen".encode("latin-1"))
    (desk.folder / "windows.txt").write_bytes(b"\xef\xbb\xbfBirne")
    (desk.folder / "notepad.txt").write_bytes("Kürbis".encode("utf-16"))
    (desk.folder / "half.txt").write_bytes("Gurke".encode("utf-16") + b"x")
    async with desk.open():
        await desk.add(desk.folder)
        assert await desk.names("brotchen") == ["old.txt"]
        assert (await desk.search("birne"))[0].excerpt == "Birne"
        assert (await desk.search("kurbis"))[0].excerpt == "Kürbis"
        assert await desk.names("gurke") == ["half.txt"]


async def test_text_beyond_the_total_is_left_out_until_there_is_room(desk: Desk) -> None:
    (desk.folder / "a.txt").write_text("apple " * 120_000)
    (desk.folder / "b.txt").write_text("banana " * 120_000)
    async with desk.open(DocumentsSettings(max_total_mb=1)):
        view = await desk.add(desk.folder)
        assert (view.files, view.skipped) == (1, 1)
        (desk.folder / "a.txt").unlink()
        await desk.rescan()
        await desk.rescan()
        assert await desk.names("banana") == ["b.txt"]


async def test_a_folder_that_is_removed_makes_room_for_one_that_is_added(desk: Desk, tmp_path: Path) -> None:
    (desk.folder / "a.txt").write_text("apple " * 120_000)
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("banana " * 120_000)
    async with desk.open(DocumentsSettings(max_total_mb=1)):
        await desk.add(desk.folder)
        removed = desk.bus.request(RemoveFolder(path=str(desk.folder)), timeout_seconds=5)
        added, _ = await asyncio.gather(desk.add(other), removed)
        assert added.files == 1


async def test_a_disk_that_is_away_keeps_its_place(desk: Desk) -> None:
    (desk.folder / "a.txt").write_text("apple")
    async with desk.open():
        await desk.add(desk.folder)
        desk.folder.rename(desk.folder.with_name("away"))
        await desk.later(HealthStatus.DEGRADED)
        assert [one.title for one in await desk.search("apple")] == ["a (not there now)"]
        away = await desk.view(desk.folder)
        assert (away.files, away.problem) == (1, "It is not there now; what was read of it is still found.")
        desk.folder.with_name("away").rename(desk.folder)
        await desk.later(HealthStatus.HEALTHY)
        assert not (await desk.view(desk.folder)).problem


async def test_a_damaged_index_is_made_anew(desk: Desk) -> None:
    (desk.folder / "a.txt").write_text("apple")
    async with desk.open():
        await desk.add(desk.folder)
    index = desk.home / "data" / "index" / "documents.db"
    index.write_bytes(b"not a database, and long enough to be read as one" * 200)
    with capture_logs() as logs:
        async with desk.open():
            await desk.indexed(desk.folder)
            assert await desk.names("apple") == ["a.txt"]
    assert [line["log_level"] for line in logs if line["event"] == "index_damaged"] == ["error"]


async def test_an_index_of_another_version_is_made_anew_and_that_is_said(desk: Desk) -> None:
    (desk.folder / "a.txt").write_text("apple")
    async with desk.open():
        await desk.add(desk.folder)
    with closing(sqlite3.connect(desk.home / "data" / "index" / "documents.db")) as index:
        index.execute("PRAGMA user_version = 1")
    with capture_logs() as logs:
        async with desk.open():
            await desk.indexed(desk.folder)
            assert await desk.names("apple") == ["a.txt"]
    assert [line["log_level"] for line in logs if line["event"] == "index_made_anew"] == ["warning"]


async def test_papers_of_offices_are_found_and_named_by_their_titles(desk: Desk) -> None:
    (desk.folder / "lease.docx").write_bytes(
        docx(paragraph("Either party may terminate."), title="Lease of Elm Street")
    )
    (desk.folder / "costs.xlsx").write_bytes(xlsx({"Costs": '<row><c t="str"><v>Rent</v></c><c><v>850</v></c></row>'}))
    (desk.folder / "bill.py").write_text("def parseInvoice(): ...")
    (desk.folder / "broken.odt").write_bytes(b"PK nothing")
    async with desk.open():
        await desk.add(desk.folder)
        assert [one.title for one in await desk.search("terminate")] == ["Lease of Elm Street"]
        assert [one.title for one in await desk.search("invoice")] == ["bill.py (Python code)"]
        assert (await _read(desk, desk.folder / "costs.xlsx", 0)).text == "# Costs\nRent\t850"
        for name, why in (
            ("papers/broken.odt", "It is damaged"),
            ("papers/photo.jpg", "An image"),
            ("a.txt", "in no folder"),
        ):
            with pytest.raises(NotFound, match=why):
                await _read(desk, desk.folder.parent / name, 0)


async def test_words_are_found_as_people_type_them_and_scans_are_named(desk: Desk) -> None:
    (desk.folder / "ligature.txt").write_text("The oﬃce of the notary")
    (desk.folder / "old.txt").write_bytes("Invoice “Quixote” – €45 – paid to Zoë’s bakery".encode("cp1252"))
    (desk.folder / "tokyo.txt").write_bytes("会議の議事録 予算は来週決める".encode("shift_jis"))
    (desk.folder / "noise.txt").write_bytes(bytes(range(1, 256)) * 4)
    (desk.folder / "scan.pdf").write_bytes(pdf(""))
    (desk.folder / "photo.jpg").write_bytes(b"x")
    async with desk.open():
        await desk.add(desk.folder)
        assert await desk.names("office") == ["ligature.txt"]
        assert (await desk.search("bakery"))[0].excerpt == "Invoice “Quixote” – €45 – paid to Zoë’s bakery"
        assert await desk.names("会議の議事録") == ["tokyo.txt"]
        assert [(Path(one.path).name, one.reason) for one in await desk.skipped()] == [
            ("noise.txt", "It is not text."),
            ("scan.pdf", SCAN),
            ("photo.jpg", "An image: images are not read."),
        ]
        assert (await desk.bus.request(ListFolders(), timeout_seconds=5)).pictures == 2


async def test_many_large_documents_take_no_more_memory_than_a_few(desk: Desk) -> None:
    first = desk.folder / "0.txt"
    first.write_text("apple banana " * 160_000)
    for number in range(1, 80):
        (desk.folder / f"{number}.txt").hardlink_to(first)
    before = psutil.Process().memory_info().rss
    most = 0
    async with desk.open(DocumentsSettings(max_total_mb=1)):
        await desk.bus.request(AddFolder(path=str(desk.folder)), timeout_seconds=5)
        while (await desk.view(desk.folder)).indexed_at is None:
            most = max(most, psutil.Process().memory_info().rss)
    assert most - before < 80_000_000


@pytest.mark.process
async def test_a_parser_that_is_killed_costs_one_file_and_nothing_else(desk: Desk) -> None:
    for number in range(12):
        (desk.folder / f"{number:02}.html").write_text(f"<p>apple {number}</p>" + "<p>filler</p>" * 20_000)
    async with desk.open():
        await desk.bus.request(AddFolder(path=str(desk.folder)), timeout_seconds=5)
        killed = await _kill_parser()
        view = await desk.indexed(desk.folder)
        assert killed
        assert view.files >= 11
        assert view.files + view.skipped == 12


async def test_searches_are_answered_while_a_folder_is_gone_through(desk: Desk) -> None:
    for number in range(600):
        (desk.folder / f"{number}.txt").write_text(f"apple number {number} " * 200)
    async with desk.open():
        await desk.bus.request(AddFolder(path=str(desk.folder)), timeout_seconds=5)
        answered = 0
        while (await desk.view(desk.folder)).indexed_at is None:
            await desk.search("apple")
            answered += 1
        assert answered > 0
        assert len(await desk.search("apple", limit=50)) == 50


async def _kill_parser() -> bool:
    """Kill the child of this process that parses, once it is there."""
    for _ in range(5_000):
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
            return True
        await asyncio.sleep(0.001)
    return False


def _children() -> list[int]:
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in found if b"readable_child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def test_whole_passages_come_as_they_stand_several_of_one_document(desk: Desk) -> None:
    (desk.folder / "long.md").write_text("# Apples\n\n" + "An apple a day.\n" * 600)
    async with desk.open():
        await desk.add(desk.folder)
        command = SearchDocuments(query="apple", limit=3, whole=True)
        found = (await desk.bus.request(command, timeout_seconds=5)).passages
        assert len(found) == 3
        assert len({passage.text for passage in found}) == 3
        assert all("apple a day.\nAn apple" in passage.text for passage in found)
        assert [passage.text for passage in await desk.search("apple")] == [""]


async def test_a_document_is_read_whole_in_pieces(desk: Desk) -> None:
    text = "day,amount\n" + "".join(f"{number},1\n" for number in range(30_000))
    path = desk.folder / "days.csv"
    path.write_text(text)
    async with desk.open():
        await desk.add(desk.folder)
        pieces = [await _read(desk, path, 0)]
        while pieces[-1].truncated:
            pieces.append(await _read(desk, path, sum(len(piece.text) for piece in pieces)))
        assert len(pieces) > 1
        assert "".join(piece.text for piece in pieces) == text
        with pytest.raises(NotFound):
            await _read(desk, desk.folder.parent / "other.csv", 0)


async def _read(desk: Desk, path: Path, offset: int) -> DocumentText:
    return await desk.bus.request(ReadDocument(path=str(path), offset=offset), timeout_seconds=5)
