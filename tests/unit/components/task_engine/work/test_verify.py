"""Postconditions are looked at through the goal's own access; what cannot be seen has no verdict."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import JsonValue

from senter.components.task_engine.contract.plan import (
    FileExists,
    FilesWritten,
    NothingStayed,
    PersonJudges,
    Postcondition,
    SchemaHolds,
    SourcesAtLeast,
    TextAtLeast,
)
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.work.verify import verify
from senter.messages.goals import Check, Source
from tests.unit.components.task_engine.conftest import Desk


def output(text: str = "", *addresses: str) -> TaskOutput:
    sources = tuple(Source(title=address, address=address) for address in addresses)
    return TaskOutput(text, {}, sources, (), False)


async def look(desk: Desk, condition: Postcondition, found: TaskOutput) -> Check:
    (check,) = await verify([condition], found, desk.access, desk.folder)
    return check


async def test_a_file_must_be_there_and_have_something_in_it(desk: Desk) -> None:
    (desk.folder / "empty").touch()
    assert (await look(desk, FileExists(path="bread.md"), output())).held is True
    assert (await look(desk, FileExists(path=str(desk.folder / "bread.md")), output())).held is True
    empty = await look(desk, FileExists(path="empty"), output())
    assert (empty.held, empty.found) == (False, "it is empty")
    assert (await look(desk, FileExists(path="gone"), output())).held is False


async def test_every_file_that_was_written_must_be_there_with_what_was_put_into_it(desk: Desk) -> None:
    there, gone = str(desk.folder / "bread.md"), str(desk.folder / "gone")
    digest = hashlib.sha256((desk.folder / "bread.md").read_bytes()).hexdigest()

    def wrote(*files: str, digest: str = digest) -> TaskOutput:
        return TaskOutput("", {"digests": {there: digest}}, (), files, True)

    assert (await look(desk, FilesWritten(), wrote(there))).held is True
    assert (await look(desk, FilesWritten(), wrote(there, gone))).held is False
    assert (await look(desk, FilesWritten(), wrote(there, "/etc/passwd"))).held is None
    assert (await look(desk, FilesWritten(), wrote())).found == "no file was named"
    other = await look(desk, FilesWritten(), wrote(there, digest="0" * 64))
    assert other.held is False and "it has something else in it" in other.found
    unsaid = await look(desk, FilesWritten(), TaskOutput("", {}, (), (there,), True))
    assert unsaid.held is None and "did not say" in unsaid.found


async def test_a_file_outside_the_grant_was_not_looked_at(desk: Desk) -> None:
    check = await look(desk, FileExists(path="/etc/passwd"), output())
    assert check.held is None
    assert "grant" in check.found


async def test_sources_count_once_and_only_when_they_open(desk: Desk) -> None:
    here = [str(desk.folder / name) for name in ("bread.md", "timing.md")]
    assert (await look(desk, SourcesAtLeast(count=2), output("", *here))).held is True
    twice = await look(desk, SourcesAtLeast(count=2), output("", here[0], here[0], "task:3", str(desk.folder / "gone")))
    assert twice.held is False
    assert twice.found == "3 named, 1 opened"
    assert (await look(desk, SourcesAtLeast(count=1), output())).found == "0 named, 0 opened"


async def test_pages_the_goal_may_not_reach_leave_the_check_open(desk: Desk) -> None:
    check = await look(desk, SourcesAtLeast(count=1), output("", "https://example.org/a"))
    assert check.held is None
    assert "1 outside what the goal may reach" in check.found


async def test_files_that_stayed_are_counted(desk: Desk) -> None:
    stayed = TaskOutput("Moved 1 of 3 files.", {"moved": 1, "stayed": 2}, (), (), True)
    assert (await look(desk, NothingStayed(), stayed)).found == "2 stayed where they were"
    assert (await look(desk, NothingStayed(), stayed)).held is False
    assert (await look(desk, NothingStayed(), output("Nothing had to be moved."))).held
    unlisted = TaskOutput("Moved 3 of 3 files.", {"moved": 3, "stayed": 0, "unlisted": 9}, (), (), True)
    assert (await look(desk, NothingStayed(), unlisted)).held is None


async def test_what_only_a_person_can_tell_is_never_held_and_says_what_is_left_open(desk: Desk) -> None:
    for text, found in {
        "A poem.": "only a person can tell",
        "Dear [name], [date]": "places left to fill in: 2",
    }.items():
        check = await look(desk, PersonJudges(), output(text))
        assert (check.held, check.found) == (None, found)


async def test_text_counts_without_blanks(desk: Desk) -> None:
    assert (await look(desk, TextAtLeast(characters=3), output("a b\nc"))).held is True
    short = await look(desk, TextAtLeast(characters=4), output("a b\nc   "))
    assert (short.held, short.found) == (False, "it has 3")


@pytest.mark.parametrize(
    ("text", "schema", "held"),
    [
        ('{"a": 1}', {"type": "object", "required": ["a"]}, True),
        ("[]", {"type": "object"}, False),
        ("not JSON", {}, False),
        ("[" * 100_000, {}, False),
        ("1", {"type": "nonsense"}, False),
        ("1", {"$ref": "https://example.org/schema"}, False),
        ("1", {"$ref": "#/gone"}, False),
    ],
)
async def test_a_schema_is_held_to_and_never_fetched(
    desk: Desk, text: str, schema: dict[str, JsonValue], held: bool
) -> None:
    check = await look(desk, SchemaHolds(json_schema=schema), output(text))
    assert check.held is held
    assert held or check.found
