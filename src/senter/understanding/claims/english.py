"""English, read when this is imported: once, in the process that the components are forked from."""

from __future__ import annotations

from typing import Final

from senter.understanding.claims.grammar import grammar

ENGLISH: Final = grammar("en")
