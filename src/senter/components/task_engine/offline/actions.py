"""Requests to do something in the world: which words are one, and the calls of tools that they come to. Pure.

An action whose words do not say all that a call needs comes to no call: it is for a capable model, and where
there is none nothing is done. A text about an action is never its result.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from pydantic import JsonValue

from senter.components.task_engine.offline.places import PATH, named_in, without_quotes
from senter.components.task_engine.offline.request import LAST_TEXT, Action, ActKind
from senter.components.task_engine.offline.verbs import NO_REQUEST, OBJECT, POLITE, VERBS, Verbs
from senter.moments.finding import says_time_of_day, what_and_when
from senter.text import cut

LONGEST_TITLE = 100
SLOTS = {
    "the": r"(?:the )?(?:files? |folders? |director(?:y|ies) )?",
    "any path": PATH,
    "path": rf"(?P<path>{PATH})",
    "paths": rf"(?P<paths>{PATH}(?:(?:,| and|, and) {PATH})*)",
    "source": rf"(?P<source>{PATH})",
    "target": rf"(?P<target>{PATH}|[\w.-]+)",
    "folder": rf"(?P<folder>{PATH})",
    "which": rf"(?P<which>{PATH}|[0-9a-f]{{16}})",
    "command": r"(?P<quote>[`\"'])(?P<command>.+)(?P=quote)",
    "days": r"(?P<days>today|tomorrow|this week|next week|the next \d{1,2} days)",
    "what": r"(?P<what>.+?)",
    "more": r"(?P<more>.*)",
}
_DAYS = {"today": 1, "tomorrow": 2, "this week": 7, "next week": 14}
# What only a shell understands; no shell reads a command here.
_SHELL = re.compile(r"[|&;<>$*?`]")

Params = dict[str, JsonValue]
Said = Mapping[str, str]
"""The words of each slot; empty where one was left out."""


def _pattern(words: str) -> str:
    return re.sub(r"<([a-z ]+)>", lambda found: SLOTS[found[1]], words)


def verbs_of(kind: ActKind) -> str:
    """A pattern for all verbs that ask for that."""
    return _pattern("|".join(row.verbs for row in VERBS if row.kind is kind))


_ACTION = verbs_of(ActKind.ACTION)
NEXT_ACTION = rf"(?:{_ACTION})(?:\s*:|\s*(?<=\s)(?={_pattern(OBJECT)}))"
"""The beginning of a clause that asks for an action, where another clause stands before it."""
OPENING = re.compile(rf"^\s*(?:(?:{POLITE})\b[\s,:]*)+", re.IGNORECASE)
_REQUEST = re.compile(rf"\s*(?:{_ACTION})(?:\b|(?<= ))(?!\s+(?:{NO_REQUEST})\b)", re.IGNORECASE)
_CALLS = tuple(
    (re.compile(rf"^(?:{_pattern(row.verbs)}){_pattern(row.slots)}$", re.IGNORECASE), row) for row in VERBS if row.tool
)


def is_action_request(text: str) -> bool:
    """By its first words: `Send an email to Anna`, `please run the tests`."""
    return _REQUEST.match(OPENING.sub("", text)) is not None


def actions_in(text: str) -> tuple[Action, ...]:
    """The calls that a request comes to, in order; none where it is no request or leaves something open."""
    words = text.strip(" \t,;.!?")
    for pattern, row in _CALLS:
        if found := pattern.match(words):
            return tuple(_actions(row, {name: value or "" for name, value in found.groupdict().items()}))
    return ()


def _actions(row: Verbs, said: Said) -> Sequence[Action]:
    calls = _PARAMS[row.tool](said)
    return [Action(row.tool, params, row.says.format_map({**said, **params})) for params in calls]


def _note(said: Said) -> Sequence[Params]:
    return [{"title": cut(said["what"], LONGEST_TITLE), "text": said["what"]}]


def _write(said: Said) -> Sequence[Params]:
    return [{"path": without_quotes(said["path"]), "content": LAST_TEXT}]


def _trash(said: Said) -> Sequence[Params]:
    return [{"path": without_quotes(path)} for path in re.findall(PATH, said["paths"])]


def _move(said: Said) -> Sequence[Params]:
    source, target = without_quotes(said["source"]), without_quotes(said["target"])
    if "/" not in target:
        target = str(PurePosixPath(source).with_name(target))
    elif target.endswith("/"):
        target = f"{target}{PurePosixPath(source).name}"
    return [{"source": source, "target": target}]


def _folder(said: Said) -> Sequence[Params]:
    return [{"path": without_quotes(said["path"])}]


def _run(said: Said) -> Sequence[Params]:
    try:
        argv: list[JsonValue] = [] if _SHELL.search(said["command"]) else [*shlex.split(said["command"])]
    except ValueError:  # a quotation mark without its second
        return []
    return [{"argv": argv, "folder": without_quotes(said["folder"])}] if argv else []


def _event(said: Said) -> Sequence[Params]:
    words = " ".join(filter(None, (said.get("what"), said["more"])))
    what, when = what_and_when(words.strip(" ,:"))
    if not when:
        return []
    params: Params = {"title": what.strip(" ,:"), "start": when}
    return [params if says_time_of_day(when) else {**params, "all_day": True}]


def _restore(said: Said) -> Sequence[Params]:
    which = without_quotes(said["which"])
    return [{"path" if "/" in which else "id": which}]


def _list(said: Said) -> Sequence[Params]:
    """A path with an ending is taken for a file's."""
    return [] if named_in(without_quotes(said["path"])) else _folder(said)


def _check(said: Said) -> Sequence[Params]:
    words = said["days"].lower()
    return [{"days": int(words.split()[2]) if words.startswith("the") else _DAYS.get(words, 7)}]


_PARAMS: Mapping[str, Callable[[Said], Sequence[Params]]] = {
    "note": _note,
    "file_write": _write,
    "file_trash": _trash,
    "file_move": _move,
    "file_copy": _move,
    "make_folder": _folder,
    "run_command": _run,
    "calendar_add": _event,
    "trash_restore": _restore,
    "file_list": _list,
    "calendar_check": _check,
}
