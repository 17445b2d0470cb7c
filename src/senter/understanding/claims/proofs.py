"""What was done in an answer's turn: a claim of it passes with its id, and its own sentence stands for others. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from senter.messages.acts import Receipt, ThingKind

_NUMBER: Final = re.compile(r"\d+")
_KINDS: Final = {
    ThingKind.REMINDER: "reminder",
    ThingKind.JOB: "reminder",
    ThingKind.EVENT: "event",
    ThingKind.GOAL: "watch",
    ThingKind.NOTE: "note",
    ThingKind.FILE: "file",
}
ANY: Final = "any"


class Proofs:
    """The receipts of one turn, and which of them the answer has told."""

    def __init__(self, receipts: Sequence[Receipt]) -> None:
        self._receipts = receipts
        self._untold = list(receipts)

    def prove(self, words: str) -> bool:
        """Whether the claim carries the id of what was done, and no number that the receipts do not know."""
        numbers = set(_NUMBER.findall(words))
        named = [receipt for receipt in self._receipts if receipt.id.lower() in words.split()]
        known = {number for one in self._receipts for number in _NUMBER.findall(f"{one.id} {one.title} {one.done}")}
        if not named or not numbers <= known | {str(int(number)) for number in known}:
            return False
        self._untold = [receipt for receipt in self._untold if receipt not in named]
        return True

    def instead_of(self, kind: str) -> str:
        """The sentences of what was done, of the kind that was claimed; none is told twice."""
        fit = [receipt for receipt in self._untold if kind in (ANY, _KINDS[receipt.kind])]
        self._untold = [receipt for receipt in self._untold if receipt not in fit]
        return " ".join(f"{receipt.done.rstrip('.')}." for receipt in fit)
