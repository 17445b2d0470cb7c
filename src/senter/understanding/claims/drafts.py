"""Which sentences of an answer are the person's own: a letter, a poem, a story that was asked for.

In such a text "I have booked a table" is said by the person. Only what is said of the text itself is Senter's: "I have
sent the letter". Around a letter, before its greeting and after its end, every sentence is Senter's.
"""

from __future__ import annotations

from senter.understanding.claims.grammar import ClaimGrammar

SIGNATURE_WORDS = 6


class AskedText:
    """Follows an answer sentence by sentence."""

    def __init__(self, grammar: ClaimGrammar, asked: str) -> None:
        self._grammar = grammar
        self.is_wanted = bool(asked) and bool(grammar.text_wanted.match(grammar.plain(asked)))
        self._in_letter = False
        self._after_letter = False

    def is_of_the_person(self, words: str) -> bool:
        """Whether the next sentence, in plain words, is said by the person."""
        if not self.is_wanted:
            return False
        if self._grammar.letter_opens.match(words):
            self._in_letter, self._after_letter = True, False
        elif self._in_letter and self._grammar.letter_closes.match(words):
            self._in_letter, self._after_letter = False, True
        if self._in_letter:
            return True
        return not self._grammar.frame.search(words)
