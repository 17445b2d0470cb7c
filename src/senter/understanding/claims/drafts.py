"""Which sentences of an answer are the person's own: a letter, a poem, a story that was asked for.

In such a text "I have booked a table" is said by the person; only what is said of the text itself is Senter's: "I have
sent the letter". After the end of a letter every sentence is Senter's again.
"""

from __future__ import annotations

from senter.understanding.claims.grammar import ClaimGrammar


class AskedText:
    """Follows an answer sentence by sentence."""

    def __init__(self, grammar: ClaimGrammar, asked: str) -> None:
        """`asked` is in plain words."""
        self._grammar = grammar
        self.is_wanted = bool(grammar.text_wanted.match(asked))
        self._in_letter = False
        self._after_letter = False

    def is_of_the_person(self, words: str) -> bool:
        """Whether the next sentence, in plain words, is said by the person."""
        opens = self._grammar.letter_opens if self.is_wanted else self._grammar.letter_begins
        if opens.match(words):
            self._in_letter, self._after_letter = True, False
        elif self._in_letter and self._grammar.letter_closes.match(words):
            self._in_letter, self._after_letter = False, True
        if self._in_letter or self._after_letter:
            return self._in_letter
        return self.is_wanted and not self._grammar.frame.search(words)
