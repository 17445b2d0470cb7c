"""Whether what a task was to bring about is so. Looks through the goal's own access, so it sees what the goal may see.

A check that could not be looked at, because the grant does not reach there, has no verdict: it neither
failed nor held, and the goal is then not called verified.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pydantic import JsonValue

from senter.components.task_engine.contract.access import Access
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
from senter.components.task_engine.offline.door import places_to_fill
from senter.errors import PermissionNeeded, SenterError
from senter.messages.goals import Check

MOST_SOURCES_OPENED = 50
PIECE_BYTES = 1024 * 1024
FETCH_BYTES = 64 * 1024
FETCH_SECONDS = 20.0
FIRST_ERROR_STATUS = 400


async def verify(
    postconditions: Sequence[Postcondition], output: TaskOutput, access: Access, folder: Path
) -> tuple[Check, ...]:
    """Look at each postcondition, in order. `folder` is where relative paths begin. Never raises for what it finds."""
    return tuple([await _look(condition, output, access, folder) for condition in postconditions])


async def _look(condition: Postcondition, output: TaskOutput, access: Access, folder: Path) -> Check:
    match condition:
        case FileExists():
            return await asyncio.to_thread(_file, folder / condition.path, access)
        case FilesWritten():
            return await asyncio.to_thread(_written, condition, output, access)
        case SourcesAtLeast():
            return await _sources(condition, output, access)
        case TextAtLeast():
            return _text(condition, output)
        case SchemaHolds():
            return _schema(condition, output)
        case NothingStayed():
            return _stayed(condition, output)
        case PersonJudges():
            return Check(what=condition.words, held=None, found=_for_a_person(output.text))


def _stayed(condition: NothingStayed, output: TaskOutput) -> Check:
    """Entries that nobody looked at may be files or not."""
    stayed, unlisted = output.data.get("stayed", 0), output.data.get("unlisted", 0)
    if stayed:
        found = f"{stayed} stayed where they were{_names_of(output.data.get('set_aside'))}"
        return Check(what=condition.words, held=False, found=found)
    found = f"{unlisted} entries of the folder were not looked at" if unlisted else ""
    return Check(what=condition.words, held=None if unlisted else True, found=found)


def _names_of(set_aside: JsonValue) -> str:
    named = isinstance(set_aside, list) and set_aside
    return f"; names that do not fit on one line: {', '.join(map(str, named))}" if named else ""


def _for_a_person(text: str) -> str:
    places = places_to_fill(text)
    return f"places left to fill in: {places}" if places else "only a person can tell"


def _written(condition: FilesWritten, output: TaskOutput, access: Access) -> Check:
    """The first file that is not as it should be decides; where there is none, all held."""
    digests = output.data.get("digests")
    known = digests if isinstance(digests, dict) else {}
    checks = [_filled(Path(file), known.get(file), access) for file in output.files]
    worst = min(checks, key=lambda check: {False: 0, None: 1, True: 2}[check.held], default=None)
    if worst is None:
        return Check(what=condition.words, held=False, found="no file was named")
    return Check(what=condition.words, held=worst.held, found="" if worst.held else f"{worst.what}: {worst.found}")


def _filled(path: Path, digest: JsonValue, access: Access) -> Check:
    """Whether a file has what was put into it; not known where the tool did not say what that was."""
    there = _file(path, access)
    if not there.held:
        return there
    what = f"{path} has what was put into it"
    if digest is None:
        return Check(what=what, held=None, found="the tool did not say what that was")
    try:
        with access.open_for_reading(path) as opened:
            same = _digest(opened) == digest
    except (SenterError, OSError, ValueError) as error:
        return Check(what=what, held=False, found=str(error))
    return Check(what=what, held=same, found="" if same else "it has something else in it")


def _digest(opened: BinaryIO) -> str:
    found = hashlib.sha256()
    while piece := opened.read(PIECE_BYTES):
        found.update(piece)
    return found.hexdigest()


def _file(path: Path, access: Access) -> Check:
    what = FileExists(path=str(path)).words
    try:
        with access.open_for_reading(path) as opened:
            held = bool(opened.read(1))
    except PermissionNeeded as error:
        return Check(what=what, held=None, found=error.message)
    except (SenterError, OSError, ValueError) as error:
        return Check(what=what, held=False, found=str(error))
    return Check(what=what, held=held, found="" if held else "it is empty")


async def _sources(condition: SourcesAtLeast, output: TaskOutput, access: Access) -> Check:
    """Sources are opened until there are enough; those beyond the grant may or may not be there."""
    what = condition.words
    addresses = list(dict.fromkeys(source.address for source in output.sources))
    opened = beyond = 0
    for address in addresses[:MOST_SOURCES_OPENED]:
        could = await _opens(address, access)
        opened += could is True
        beyond += could is None
        if opened >= condition.count:
            return Check(what=what, held=True)
    found = f"{len(addresses)} named, {opened} opened"
    if beyond:
        found += f", {beyond} outside what the goal may reach"
    return Check(what=what, held=None if opened + beyond >= condition.count else False, found=found)


async def _opens(address: str, access: Access) -> bool | None:
    try:
        if address.lower().startswith(("http://", "https://")):
            return await _fetches(address, access)
        path = Path(address)
        return path.is_absolute() and await asyncio.to_thread(_reads, path, access)
    except PermissionNeeded:
        return None
    except (SenterError, OSError, ValueError):
        return False


async def _fetches(address: str, access: Access) -> bool:
    async with access.fetch(address, limit_bytes=FETCH_BYTES, timeout_seconds=FETCH_SECONDS) as fetched:
        return fetched.status < FIRST_ERROR_STATUS


def _reads(path: Path, access: Access) -> bool:
    with access.open_for_reading(path) as opened:
        opened.read(1)
    return True


def _text(condition: TextAtLeast, output: TaskOutput) -> Check:
    count = sum(not letter.isspace() for letter in output.text)
    held = count >= condition.characters
    return Check(what=condition.words, held=held, found="" if held else f"it has {count}")


def _schema(condition: SchemaHolds, output: TaskOutput) -> Check:
    what = condition.words
    try:
        value: JsonValue = json.loads(output.text)
    except (ValueError, RecursionError) as error:
        return Check(what=what, held=False, found=f"it is not JSON: {error}")
    problem = schema_problem(value, condition.json_schema)
    return Check(what=what, held=not problem, found=problem)


def schema_problem(value: JsonValue, schema: dict[str, JsonValue]) -> str:
    """What is wrong with `value`, or with the schema; empty when nothing is. References are never fetched."""
    from jsonschema import Draft202012Validator, SchemaError, ValidationError  # costs 60 ms; few tasks declare a schema
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, registry=Registry())
        validator.validate(value)  # pyright: ignore[reportUnknownMemberType]  (its types are partly unknown)
    except ValidationError as error:
        return error.message[:300]
    except SchemaError as error:
        return f"the schema itself is wrong: {error.message}"
    except (Unresolvable, RecursionError) as error:
        return f"the schema cannot be used: {error}"
    return ""
