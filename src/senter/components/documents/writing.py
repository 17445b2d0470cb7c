"""Writes what was read while the next is being read: the parser is a process of its own, and need not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from senter.component.threads import in_thread
from senter.components.documents.index import Index, IndexedFile
from senter.components.documents.letters import as_typed
from senter.components.documents.walking import Gone

Change = IndexedFile | Gone


class Writing:
    """One batch behind; no more than one is under way. Whoever uses the index otherwise settles it before."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._under_way: asyncio.Task[None] | None = None

    async def write(self, changes: Sequence[Change]) -> None:
        """Begin, when what was begun before is done. Raises what that failed with."""
        await self.settle()
        self._under_way = asyncio.create_task(in_thread(lambda: self._index.write(map(_as_typed, changes))))

    async def settle(self) -> None:
        """Until all is written. Raises what it failed with."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            await under_way


def _as_typed(change: Change) -> Change:
    if isinstance(change, Gone):
        return change
    return replace(change, title=as_typed(change.title), text=as_typed(change.text))
