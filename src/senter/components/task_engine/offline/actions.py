"""Requests to do something in the world: which words are one, and the calls of tools that they come to. Pure.

An action whose words do not say all that a call needs comes to no call: it is for a capable model, and where
there is none nothing is done. A text about an action is never its result.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from pydantic import JsonValue

from senter.components.task_engine.offline.places import PATH, named_in, without_quotes
from senter.components.task_engine.offline.request import LAST_TEXT, Action, ClauseKind
from senter.components.task_engine.offline.verbs import NO_REQUEST, OBJECT, POLITE, VERBS

SLOTS = {
    "the": r"(?:the )?(?:files? |folders? |director(?:y|ies) )?",
    "any path": PATH,
    **{name: rf"(?P<{name}>{PATH})" for name in ("path", "source", "folder")},
    "paths": rf"(?P<paths>{PATH}(?:(?:,| and|, and) {PATH})*)",
    "target": rf"(?P<target>{PATH}|[\w.-]+)",
    "which": rf"(?P<which>{PATH}|[0-9a-f]{{16}})",
    "command": r"(?P<quote>[`\"'])(?P<command>.+)(?P=quote)",
    "days": r"(?P<days>today|tomorrow|this week|next week|the next \d{1,2} days)",
}
_DAYS = {"today": 1, "tomorrow": 2, "this week": 7, "next week": 14}
# What only a shell understands; no shell reads a command here.
_SHELL = re.compile(r"[|&;<>$*?`]")
_PATHS = ("path", "source", "target", "folder", "which")

Said = Mapping[str, str]
"""The words of each slot, paths without quotes; empty where one was left out."""
Calls = list[dict[str, JsonValue]]
"""The parameters of each."""


def _pattern(words: str) -> str:
    return re.sub(r"<([a-z ]+)>", lambda found: SLOTS[found[1]], words)


def verbs_of(kind: ClauseKind) -> str:
    """A pattern for all verbs that ask for that."""
    return _pattern("|".join(row.verbs for row in VERBS if row.kind is kind))


_ACTION = verbs_of(ClauseKind.ACTION)
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
            slots = {name: words or "" for name, words in found.groupdict().items()}
            said = {name: without_quotes(words) if name in _PATHS else words for name, words in slots.items()}
            calls = _PARAMS[row.tool](said)
            return tuple(Action(row.tool, params, row.says.format_map({**said, **params})) for params in calls)
    return ()


def says_calls(text: str) -> bool:
    """Whether the words of a request say all that calls of tools need."""
    return bool(actions_in(OPENING.sub("", text)))


def _move(said: Said) -> Calls:
    source, target = said["source"], said["target"]
    if "/" not in target:
        target = str(PurePosixPath(source).parent / target)
    elif target.endswith("/"):
        target = f"{target}{PurePosixPath(source).name}"
    return [{"source": source, "target": target}]


def _run(said: Said) -> Calls:
    try:
        argv: list[JsonValue] = [] if _SHELL.search(said["command"]) else [*shlex.split(said["command"])]
    except ValueError:  # a quotation mark without its second
        return []
    return [{"argv": argv, "folder": said["folder"]}] if argv else []


def _check(said: Said) -> Calls:
    words = said["days"].lower()
    return [{"days": int(words.split()[2]) if words.startswith("the") else _DAYS.get(words, 7)}]


_PARAMS: Mapping[str, Callable[[Said], Calls]] = {
    "file_write": lambda said: [{"path": said["path"], "content": LAST_TEXT}],
    "file_trash": lambda said: [{"path": without_quotes(path)} for path in re.findall(PATH, said["paths"])],
    "file_move": _move,
    "file_copy": _move,
    "make_folder": lambda said: [{"path": said["path"]}],
    "run_command": _run,
    "trash_restore": lambda said: [{"path" if "/" in said["which"] else "id": said["which"]}],
    "file_list": lambda said: [] if named_in(said["path"]) else [{"path": said["path"]}],
    "calendar_check": _check,
}
