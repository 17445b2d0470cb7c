"""Requests to do something in the world: which words are one, and the call of a tool that they come to. English; pure.

A deed whose words do not say all that a call needs comes to no call: it is for a capable model, and where
there is none nothing is done. A text about a deed is never its result.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import JsonValue

from senter.components.task_engine.offline.places import PATH, named_in, without_quotes
from senter.messages.goals import TaskType
from senter.moments.finding import what_and_when
from senter.text import cut

LAST_TEXT = "{{last}}"
"""Stands in the parameters of a call for the last text that the clauses before came to."""
LONGEST_TITLE = 100

_POLITE = r"(?:(?:please|kindly|now|(?:can|could|would|will) you|i (?:need|want|would like) you to)[\s,]+)*"
_VERBS = (
    "add|archive|attach|back ?up|book|bring back|buy|call|cancel|clean|close|commit|copy|delete|deploy|download|e-?mail"
    "|empty|execute|forward|get back|install|invite|jot down|kill|mail|move|note|order|pay|phone|post|print|publish"
    "|push|put|reboot|remove|rename|replace|reply|reserve|restart|restore|run|save|schedule|send|shut|start|stop|store|submit"
    "|throw away|trash|turn|undelete|undo|uninstall|unpack|update|upload|wipe|write down|zip"
    r"|(?:make|create) (?:(?:a|the|new) )*(?:folder|directory)|(?:make|take|write|leave) a note(?= ?:| that| to)"
    rf"|(?:save|store|write) (?:it|this|that|them) (?:to|in|into|as|under) (?={PATH})"
    rf"|(?:organi[sz]e|tidy|sort|clean)\b(?=.* {PATH})"
)
# `Order of the planets` is no order.
_REQUEST = re.compile(rf"\s*{_POLITE}(?:{_VERBS})(?:\b|(?<= ))(?!\s+(?:of|in|is|are|was|were|and|or)\b)", re.IGNORECASE)
_OBJECT = rf"(?:(?:the|my|all|an?|it|them|this|that|these|those|everything)\b|{PATH}|[`\"'“]|\S+@)"
NEXT_DEED = rf"(?:{_VERBS})(?:\s*:|\s*(?<=\s)(?={_OBJECT}))"
"""The beginning of a clause that asks for a deed, where another clause stands before it."""

_TEMPERED = r"(?:the )?(?:files? |folders? |director(?:y|ies) )?"
_NOTE = re.compile(
    r"^(?:(?:(?:make|take|write|leave) a note|note(?: down)?)(?:\s*:|\s+that\b|\s+to\b)|(?:write|jot) down\b:?)\s*"
    r"(?:that )?(?P<what>.+)$",
    re.IGNORECASE,
)
_KEEP = re.compile(
    rf"^(?:save|store|write|put) (?:it|this|that|them|the \w+) (?:to|in|into|as|under) {_TEMPERED}(?P<path>{PATH})$",
    re.IGNORECASE,
)
_TRASH = re.compile(
    rf"^(?:delete|trash|remove|throw away) {_TEMPERED}(?P<paths>{PATH}(?:(?:,| and|, and) {PATH})*)$", re.IGNORECASE
)
_MOVE = re.compile(
    rf"^(?P<verb>move|copy|rename) {_TEMPERED}(?P<source>{PATH}) (?:to|into|as) {_TEMPERED}"
    rf"(?P<target>{PATH}|[\w.-]+)$",
    re.IGNORECASE,
)
_FOLDER = re.compile(
    rf"^(?:make|create) (?:(?:a|the|new) )*(?:folder|directory) (?:called |named |at )?(?P<path>{PATH})$", re.IGNORECASE
)
_RUN = re.compile(
    rf"^(?:run|execute) (?:the command )?(?P<quote>[`\"'])(?P<command>.+)(?P=quote) in {_TEMPERED}(?P<folder>{PATH})$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"^(?:(?:add|put|enter|save) (?:(?P<what>.+?) )?(?:to|in|into|on) (?:my |the )?calendar\b(?: for| on)?:? ?"
    r"(?P<more>.*)"
    r"|schedule (?P<scheduled>.+))$",
    re.IGNORECASE,
)
_RESTORE = re.compile(
    rf"^(?:restore|undelete|(?:bring|put|get) back|undo (?:the )?(?:deletion|deleting|removal|trashing) of) {_TEMPERED}"
    rf"(?P<what>{PATH}|[0-9a-f]{{16}})(?: (?:back )?from (?:the |my )?trash)?$",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"^(?:list|show(?: me)?|what(?:'s| is)) (?:(?:the|all|files|folders|contents|and|in|of|below) )*(?P<path>{PATH})$",
    re.IGNORECASE,
)
_LOOK = re.compile(
    r"^(?:check|list|show(?: me)?|look (?:at|in|into)|what(?:'s| is)(?: on| in)?) (?:my |the )?calendar(?: for| on)?"
    r"(?: (?P<when>today|tomorrow|this week|next week|the next (?P<days>\d{1,2}) days))?$",
    re.IGNORECASE,
)
_DAYS = {"today": 1, "tomorrow": 2, "this week": 7, "next week": 14}
_HOUR = re.compile(
    r"\d{1,2}:\d\d|\d ?[ap]m\b|\bnoon\b|\bmidnight\b|\bat \d{1,2}\b|\bhours?\b|\bminutes?\b", re.IGNORECASE
)
# What only a shell understands; no shell reads a command here.
_SHELL = re.compile(r"[|&;<>$*?`]")


@dataclass(frozen=True, slots=True)
class Deed:
    """One call of a tool."""

    tool: str
    params: dict[str, JsonValue]
    description: str
    type: TaskType = TaskType.ORGANIZE


def asks_to_act(text: str) -> bool:
    """By its first words: `Send an email to Anna`, `please run the tests`."""
    return _REQUEST.match(text) is not None


def deeds(text: str) -> tuple[Deed, ...]:
    """The calls that a request comes to, in order; none where it is no request or leaves something open."""
    words = text.strip(" \t,;.!?")
    for pattern, calls in _CALLS:
        if found := pattern.match(words):
            return tuple(calls(found))
    return ()


def noted(title: str, text: str, description: str) -> Deed:
    """A note; its title is cut where it is too long for one."""
    return Deed("note", {"title": cut(title, LONGEST_TITLE), "text": text}, description, TaskType.COMMUNICATE)


def _note(found: re.Match[str]) -> Sequence[Deed]:
    return [noted(found["what"], found["what"], f"Note: {found['what']}")]


def _keep(found: re.Match[str]) -> Sequence[Deed]:
    path = without_quotes(found["path"])
    return [Deed("file_write", {"path": path, "content": LAST_TEXT}, f"Write it to {path}")]


def _trash(found: re.Match[str]) -> Sequence[Deed]:
    paths = map(without_quotes, re.findall(PATH, found["paths"]))
    return [Deed("file_trash", {"path": path}, f"Put {path} in the trash") for path in paths]


def _move(found: re.Match[str]) -> Sequence[Deed]:
    source, target = without_quotes(found["source"]), without_quotes(found["target"])
    if "/" not in target:
        target = str(PurePosixPath(source).with_name(target))
    elif target.endswith("/"):
        target = f"{target}{PurePosixPath(source).name}"
    verb = "copy" if found["verb"].lower() == "copy" else "move"
    return [Deed(f"file_{verb}", {"source": source, "target": target}, f"{verb.capitalize()} {source} to {target}")]


def _folder(found: re.Match[str]) -> Sequence[Deed]:
    path = without_quotes(found["path"])
    return [Deed("make_folder", {"path": path}, f"Make the folder {path}")]


def _run(found: re.Match[str]) -> Sequence[Deed]:
    folder, command = without_quotes(found["folder"]), found["command"]
    try:
        argv: list[JsonValue] = [] if _SHELL.search(command) else [*shlex.split(command)]
    except ValueError:  # a quotation mark without its second
        return []
    what = f"Run {command} in {folder}"
    return [Deed("run_command", {"argv": argv, "folder": folder}, what, TaskType.CUSTOM)] if argv else []


def _event(found: re.Match[str]) -> Sequence[Deed]:
    said = " ".join(piece for piece in (found["what"] or found["scheduled"], found["more"]) if piece)
    what, when = what_and_when(said.strip(" ,:"))
    if not when:
        return []
    params: dict[str, JsonValue] = {"title": what.strip(" ,:"), "start": when}
    if not _HOUR.search(when):
        params["all_day"] = True
    return [Deed("calendar_add", params, f"Add to the calendar, {when}: {params['title']}")]


def _restore(found: re.Match[str]) -> Sequence[Deed]:
    what = without_quotes(found["what"])
    params: dict[str, JsonValue] = {"path" if "/" in what else "id": what}
    return [Deed("trash_restore", params, f"Put {what} back from the trash")]


def _list(found: re.Match[str]) -> Sequence[Deed]:
    path = without_quotes(found["path"])
    return [] if named_in(path) else [Deed("file_list", {"path": path}, f"List {path}")]


def _look(found: re.Match[str]) -> Sequence[Deed]:
    days = int(found["days"] or _DAYS.get((found["when"] or "this week").lower(), 7))
    return [Deed("calendar_check", {"days": days}, f"Look at the calendar of the next {days} days", TaskType.ANALYZE)]


_CALLS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Sequence[Deed]]], ...] = (
    (_NOTE, _note),
    (_KEEP, _keep),
    (_TRASH, _trash),
    (_MOVE, _move),
    (_FOLDER, _folder),
    (_RUN, _run),
    (_EVENT, _event),
    (_RESTORE, _restore),
    (_LIST, _list),
    (_LOOK, _look),
)
