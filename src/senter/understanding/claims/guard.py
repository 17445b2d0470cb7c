"""Lets an answer through as it is written, but for sentences that claim what did not happen.

Text passes at once. From a word that can begin a claim to the end of its sentence it is held; then it passes, or what
is true stands in its place. How the answer is cut into pieces makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from senter.messages.acts import Receipt
from senter.understanding.claims.drafts import AskedText
from senter.understanding.claims.grammar import ClaimRule, grammar
from senter.understanding.claims.proofs import Proofs
from senter.understanding.claims.sentences import FENCE, sentence_end

_WORD: Final = re.compile(r"[\w'’\u00ad\u200b\u2060\ufeff-]+")
_STEP: Final = re.compile(r"[\w'’-]+[^\w'’-]?|[^\w'’-]+")
"""What is looked at at once: a word and what shows that it has ended. So pieces make no difference."""
_UNSEEN: Final = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_BEFORE: Final = re.compile(r"\s*(?:(?:[-*+•>]|#{1,6}|\d{1,3}[.)])\s+)*")
_ITEM: Final = re.compile(r"\s*\n\s*(?:[-*+•]|\d{1,3}[.)])\s")
_QUOTES: Final = "\"“”'‘’"
_TICKS: Final = frozenset("✅✓✔☑🆗")
_PLAIN_TEXT: Final = frozenset({"", "text", "txt", "plaintext", "markdown", "md"})


class ClaimGuard:
    """Guards one answer to what was `asked`. A claim passes where it carries the id of one of the receipts."""

    def __init__(self, asked: str = "", receipts: Sequence[Receipt] = (), language: str = "en") -> None:
        self._grammar = grammar(language)
        self._proofs = Proofs(receipts)
        self._asked = self._grammar.plain(asked)
        self._request = bool(self._grammar.request.match(self._asked))
        self._text = AskedText(self._grammar, self._asked)
        self._open = ""
        """The sentence that has not ended."""
        self._shown = 0
        """How many characters of it were let through."""
        self._begun = False
        self._code: str | None = None
        """The language of the block of code that it is in."""
        self._told = False
        self._in_claimed_list = False
        self._after_claim = False

    def take(self, piece: str) -> str:
        """What may be shown now that the answer goes on with this."""
        return "".join(map(self._go_on, _STEP.findall(piece)))

    def end(self) -> str:
        """What may be shown of the rest."""
        return self._settle_ended(whole=True)

    def _go_on(self, step: str) -> str:
        self._open += step
        return self._settle_ended(whole=False) + self._pass_on()

    def _settle_ended(self, *, whole: bool) -> str:
        settled: list[str] = []
        abbreviations = self._grammar.abbreviations
        while (end := sentence_end(self._open, abbreviations, whole=whole, in_code=self._in_code)) is not None:
            sentence, self._open = self._open[:end], self._open[end:]
            settled.append(self._settle(sentence))
            self._shown = max(0, self._shown - end)
        return "".join(settled)

    @property
    def _in_code(self) -> bool:
        return self._code is not None and self._code not in _PLAIN_TEXT

    def _settle(self, sentence: str) -> str:
        """What of a whole sentence is shown, without what was shown already."""
        bare = sentence.strip()
        if bare.startswith(FENCE):
            self._code = None if self._code is not None else bare.strip("`").strip().lower()
            return sentence[self._shown :]
        if self._in_code:
            return sentence[self._shown :]
        words = self._grammar.plain(self._unquoted(sentence))
        if self._is_rest_of_claim(sentence, words):
            return ""
        self._begun |= bool(words)
        rule = self._claimed_by(words)
        true_beginning = self._true_beginning(sentence, rule) if rule else ""
        self._in_claimed_list = rule is not None and words.endswith(":")
        self._after_claim = rule is not None
        if rule is None:
            return sentence[self._shown :]
        self._shown += len(true_beginning)
        return true_beginning + self._instead(sentence, words)

    def _true_beginning(self, sentence: str, rule: ClaimRule) -> str:
        """What of a sentence that was held from its beginning says something before the claim."""
        if not self._request or rule.only_of_requests:
            return ""
        beginning = sentence[: self._held_from(sentence)]
        words = self._grammar.plain(beginning)
        says_something = self._is_joined(words) and not self._grammar.assent.match(f"{words} ")
        return beginning if says_something else ""

    def _is_joined(self, words: str) -> bool:
        """Whether another statement may follow."""
        return bool(words) and words.split()[-1] in self._grammar.joints

    def _claimed_by(self, words: str) -> ClaimRule | None:
        if not words or self._text.is_of_the_person(words):
            return None
        rule = self._grammar.claim(words, of_request=self._request)
        return rule if rule and not self._proofs.prove(words) else None

    def _is_rest_of_claim(self, sentence: str, words: str) -> bool:
        """The items of a list whose heading claimed them; details of what was not done; signs behind a claim."""
        if self._in_claimed_list and _ITEM.match(sentence):
            return True
        if not self._after_claim:
            return False
        return bool(self._grammar.details.search(words)) if words else "\n" not in sentence

    def _unquoted(self, sentence: str) -> str:
        """An answer that is all in quotation marks quotes nobody, nor does a line that is all code."""
        before = _BEFORE.match(sentence)
        bare = sentence[before.end() if before else 0 :].strip()
        if len(bare) > 1 and bare[0] == bare[-1] == "`":
            return bare.strip("`")
        if self._begun or self._text.is_wanted or bare[:1] not in _QUOTES or not bare:
            return sentence
        return bare[1:] if len(bare.strip(_QUOTES + ".!")) + 4 >= len(bare) and not _inner_quote(bare) else sentence

    def _instead(self, sentence: str, words: str) -> str:
        truth = self._grammar.truth(words, self._asked)
        says = self._proofs.instead_of(truth.kind) or ("" if self._told else truth.says)
        self._told = True
        if not self._shown:
            before = _BEFORE.match(sentence)
            return f"{before[0] if before else ''}{says}" if says else ""
        shown = self._grammar.plain(sentence[: self._shown])
        if self._is_joined(shown):
            return f"{says[:1].lower()}{says[1:]}" or self._grammar.continuations["was"]
        return f"{self._grammar.continuations.get(shown.split()[-1] if shown else '', '…')} {says}".rstrip()

    def _pass_on(self) -> str:
        held_from = 0 if self._request else self._held_from(self._open)
        passed = self._open[self._shown : held_from]
        self._shown = max(self._shown, held_from)
        return passed

    def _held_from(self, text: str) -> int:
        """Where in a sentence the first word stands that can begin a claim."""
        first = _WORD.search(text)
        if self._in_code and first:
            return len(text)
        if first is None or self._after_claim or not _TICKS.isdisjoint(text[: first.start()]):
            return 0
        for word in _WORD.finditer(text, max(first.start(), self._shown)):
            if self._may_begin(word):
                return 0 if word.start() == first.start() else word.start()
        return len(text)

    def _may_begin(self, word: re.Match[str]) -> bool:
        name = _UNSEEN.sub("", word[0]).lower().replace("’", "'").removesuffix("'s").strip("'-")
        if word.end() == len(word.string):
            return any(beginning.startswith(name) for beginning in self._grammar.beginnings)
        if name not in self._grammar.beginnings:
            return False
        last = _WORD.search(word.string[::-1])
        known = len(word.string) - last.end() if last and last.start() == 0 else len(word.string)
        return not self._grammar.never_begins.match(self._grammar.plain(word.string[word.start() : known]))


def without_claims(asked: str, answer: str, receipts: Sequence[Receipt] = ()) -> str:
    """A whole answer as it may be shown."""
    guard = ClaimGuard(asked, receipts)
    return guard.take(answer) + guard.end()


def _inner_quote(bare: str) -> bool:
    return bare.rstrip(".!?")[1:-1].count(bare[0]) > 0
