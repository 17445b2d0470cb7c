"""What a German reads from the commands of plain use: no English sentence, in any scene of their snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.test_sentences import FILES, Reader, reader

__all__ = ["reader"]

PLAIN = [
    "approvals.txt",
    "ask.txt",
    "calendar.txt",
    "digest.txt",
    "documents.txt",
    "goal.txt",
    "goals.txt",
    "panic.txt",
    "progress.txt",
    "remind.txt",
    "result.txt",
    "schedule.txt",
    "status.txt",
    "stop.txt",
    "timer.txt",
    "undo.txt",
]
ENGLISH = re.compile(
    r"\b(the|a|of|to|is|are|were|be|been|not|no|none|nothing|and|or|for|with|without|from|by|it|its|your|you|that|this"
    r"|these|there|what|when|where|which|who|how|say|see|try|name|give|cannot|can|could|has|have|had|done|waits|waiting"
    r"|open|every|next|last|new|more|than|only|one|again|already|until|since|before|after)\b",
    re.IGNORECASE,
)
"""Words of function, which no English sentence does without; none of them is German, too."""
OF_THE_SCENES = re.compile(
    r"""senter\ [^.]*  # a command to type
    |"[^"]*"|'[^']*'|--[\w-]+|\bTEXT\b|`[^`]*`
    |Compare\ tea\ and\ coffee|Planning\ of\ the\ year\ .*|that\ they\ would\ like\ .*|Night\ shift.*
    |(Reminder|Event|Timer)\ \S+\ ?(is\ cancelled)?:\ .*(London|UTC)|every\ (week)?day\ at\ 08:00|coffee,\ every\ day
    |Tea\ has\ less\ caffeine|Results\ are\ saved.*|While\ you\ were\ away.*|Expecting\ property\ .*
    |Completed:\ it|degraded|call\ the\ bank|/papers/a\\nb\.pdf|every\ weekday
    |is\ a\ language|\ nothing$|:\ tomorrow""",
    re.VERBOSE,
)
"""What a person types, and what the scenes, in which an English daemon is scripted, say of themselves."""


@pytest.mark.parametrize("file", [file for file in FILES if file.name in PLAIN], ids=lambda file: file.stem)
def test_a_german_reads_no_english(reader: Reader, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTER_USER__LANGUAGE", "de")
    said = list(reader.read(file.read_text(encoding="utf-8").splitlines()))
    english = [line for text in said for line in _english(text)]
    assert not english, "\n".join(english)


def _english(text: str) -> Iterator[str]:
    for line in text.splitlines()[1:]:
        if ENGLISH.search(OF_THE_SCENES.sub("", line)):
            yield line
