"""Plain full-text search over paragraphs, as SQLite gives it: what a search without understanding finds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

from senter.messages.query import Quoted

MOST_FOUND = 3


class PaperSearch:
    """FTS5 with its Porter stemmer, any word of a question, the best by bm25."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._rows = sqlite3.connect(":memory:")
        self._rows.execute("CREATE VIRTUAL TABLE paragraphs USING fts5(name, text, tokenize = 'porter unicode61')")
        for name, text in texts.items():
            paragraphs = [(name, one) for one in re.split(r"\n\s*\n", text) if one.strip()]
            self._rows.executemany("INSERT INTO paragraphs VALUES (?, ?)", paragraphs)

    def find(self, question: str) -> tuple[Quoted, ...]:
        """The best paragraphs, each whole."""
        expression = " OR ".join(f'"{word}"' for word in re.findall(r"[^\W_]+", question))
        query = "SELECT name, text FROM paragraphs WHERE paragraphs MATCH ? ORDER BY rank LIMIT ?"
        rows = self._rows.execute(query, (expression, MOST_FOUND)) if expression else ()
        return tuple(Quoted(source=name, address=f"/{name}", quote=text) for name, text in rows)
