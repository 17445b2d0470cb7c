"""How long an answer may get: a small model that goes on and on goes wrong, so it stops where a sentence ends."""

from __future__ import annotations

import re

from senter.components.models.endpoint import OnText

SHORT_TOKENS, LONG_TOKENS = 120, 350
LONG_QUESTION_CHARACTERS = 400
FENCE = "```"
_WANTS_MORE = re.compile(
    r"\b(?:write|draft|story|poem|essay|letter|e-?mail|list|steps?|detail\w*|explain|compare|code|function|program"
    r"|script|recipe|plan|summary|summarise|summarize|translat(?:e|ion)\w*|rewrite|long(?:er)?|more|example\w*)\b",
    re.IGNORECASE,
)
_SENTENCE_OVER = re.compile(r"""(?:[^\W\d]|[)"'”*`%])[.!?…]["'”)*`]*$|[。！？]$""")


class EnoughSaid(Exception):
    """The answer is long enough, and a sentence is over."""


class SentenceEnd:
    """Hands the pieces of an answer on, until there are `enough_pieces` and a sentence ends."""

    def __init__(self, on_text: OnText, enough_pieces: int) -> None:
        self._on_text = on_text
        self._enough = enough_pieces
        self.text = ""
        self.pieces = 0

    async def take(self, piece: str) -> None:
        """Raises `EnoughSaid` for the piece that would begin another sentence."""
        if self.pieces >= self._enough and parts_sentences(self.text, piece):
            raise EnoughSaid
        self.text += piece
        self.pieces += 1
        await self._on_text(piece)


def tokens_that_fit(question: str) -> int:
    """After how many tokens the answer to a question may stop."""
    wants_more = len(question) > LONG_QUESTION_CHARACTERS or _WANTS_MORE.search(question)
    return LONG_TOKENS if wants_more else SHORT_TOKENS


def parts_sentences(before: str, after: str) -> bool:
    """Whether a sentence is over between both, outside code. An abbreviation goes on in lower case."""
    said, following = before.rstrip(), after.lstrip()
    if not following or not _SENTENCE_OVER.search(said[-20:]) or said.count(FENCE) % 2:
        return False
    gap = before[len(said) :] + after[: len(after) - len(following)]
    return "\n" in gap or (not following[0].islower() and (bool(gap) or not said[-1].isascii()))
