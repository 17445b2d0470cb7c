"""The words on a damaged database."""

from __future__ import annotations

from senter.store.restored import Restored
from senter.store.salvage import Salvaged
from senter.store.table_copy import SavedTable


def sentence(*tables: SavedTable) -> str:
    return Restored("notes.db", "cut short", Salvaged(tables, 0, None), None, None, 0).sentence()


def test_where_nobody_can_count_what_is_missing_no_number_is_said() -> None:
    uncounted = SavedTable("turns", rows=3, put_back=0, missing=1, unknown=True)
    counted = SavedTable("words", rows=1, put_back=0, missing=2, unknown=False)
    assert sentence(uncounted).endswith("copied into a new file; how many are missing of turns is not known.")
    assert "; missing at most: words 2; how many are missing of turns is not known." in sentence(uncounted, counted)
