"""Lets an answer through as it is written, but for sentences that claim what did not happen.

Text passes at once. From a word that can begin a claim to the end of its sentence it is held; then it passes, or what
is true stands in its place. How the answer is cut into pieces makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from senter.messages.acts import Receipt
from senter.sentences import ENGLISH
from senter.understanding.claims.drafts import AskedText
from senter.understanding.claims.features import AskedFor
from senter.understanding.claims.grammar import Claimed, grammar
from senter.understanding.claims.proofs import Proofs
from senter.understanding.claims.sentences import FENCE, LONGEST_SENTENCE, last_space, sentence_end
from senter.understanding.languages import language_of

_WORD: Final = re.compile(r"[\w'’\u00ad\u200b\u2060\ufeff-]+")
_STEP: Final = re.compile(r"[\w'’-]+|[^\w'’-]")
"""What is looked at at once: a word and what shows that it has ended. So pieces make no difference."""
_UNSEEN: Final = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_BEFORE: Final = re.compile(r"\s*(?:(?:[-*+•>]|#{1,6}|\d{1,3}[.)])\s+)*")
_ITEM: Final = re.compile(r"\s*\n\s*(?:[-*+•]|\d{1,3}[.)])\s")
_NOTATION: Final = re.compile(r"[\"'{}\[\]_;]")
_LOOKED_AT: Final = 80
"""Characters from a word on that show whether a claim begins with it."""
_MESSAGE: Final = "message"
_QUOTES: Final = "\"“”'‘’"
_WITHOUT_QUOTES: Final = str.maketrans('"“”„«»', "      ")
_ENDS: Final = frozenset("\n.!?…")
_TICKS: Final = frozenset("✅✓✔☑🆗")
_NOTATIONS: Final = frozenset({"json", "yaml", "yml", "xml", "toml", "ini", "csv", "log", "console"})
_PLAIN_TEXT: Final = frozenset({"", "text", "txt", "plaintext", "markdown", "md"})


def _repeats_nothing(_: str) -> bool:
    return False


class ClaimGuard:
    """Guards one answer to what was `asked`. A claim passes where it carries the id of one of the receipts.

    `repeats` says of a sentence whether it only repeats what was read for the answer, an entry of a calendar say.
    Then no likeness makes it a claim; what claims in so many words ("I have sent") stays one.
    """

    def __init__(
        self,
        asked: str = "",
        receipts: Sequence[Receipt] = (),
        language: str = ENGLISH,
        repeats: Callable[[str], bool] = _repeats_nothing,
        left_to: str = "",
    ) -> None:
        self._repeats = repeats
        self._left_to = left_to
        """The language whose sentences are left to another guard."""
        self._grammar = grammar(language)
        self._proofs = Proofs(receipts)
        self._asked = self._grammar.plain(asked)
        self._asked_for = self._grammar.asked_for(self._asked)
        self._request = self._asked_for is not AskedFor.KNOWLEDGE
        self._holds_all = self._asked_for is AskedFor.DEED
        """Whether each sentence is held until it has ended: where something was to be done, any may claim it."""
        self._wants_no_code = self._request and not self._grammar.code_wanted.match(self._asked)
        self._text = AskedText(self._grammar, self._asked)
        self._may_quote = self._asked_for is not AskedFor.DEED or self._grammar.truth("", self._asked).kind == _MESSAGE
        """Whether what stands in quotation marks may be a text that was asked for, or explained."""
        self._open = ""
        """The sentence that has not ended."""
        self._may_have_ended = False
        """Whether it holds a mark that can be its end."""
        self._shown = 0
        """How many characters of it were let through."""
        self._begun = False
        self._code: str | None = None
        """The language of the block of code that it is in."""
        self._told = False
        self._in_claimed_list = False
        self._after_claim = False

    @property
    def is_text_wanted(self) -> bool:
        """Whether a text was asked for, in which the person speaks."""
        return self._text.is_wanted

    def take(self, piece: str) -> str:
        """What may be shown now that the answer goes on with this."""
        return "".join(map(self._go_on, _STEP.findall(piece)))

    def end(self) -> str:
        """What may be shown of the rest."""
        return self._settle_ended(whole=True)

    def _go_on(self, step: str) -> str:
        self._open += step
        self._may_have_ended = self._may_have_ended or not _ENDS.isdisjoint(step)
        ended = self._may_have_ended or len(self._open) > LONGEST_SENTENCE
        return (self._settle_ended(whole=False) if ended else "") + self._pass_on()

    def _settle_ended(self, *, whole: bool) -> str:
        settled: list[str] = []
        abbreviations = self._grammar.abbreviations
        while (
            end := sentence_end(self._open, abbreviations, self._cut, whole=whole, in_code=self._in_code)
        ) is not None:
            sentence, self._open = self._open[:end], self._open[end:]
            settled.append(self._settle(sentence))
            self._shown = max(0, self._shown - end)
            self._may_have_ended = not _ENDS.isdisjoint(self._open)
        return "".join(settled)

    def _cut(self, beginning: str) -> int:
        """Before what can begin a claim, so that it is whole; of a long sentence."""
        held_from = self._held_from(beginning, 0)
        return held_from if 0 < held_from < len(beginning) else last_space(beginning)

    @property
    def _in_code(self) -> bool:
        """In a block of code; JSON and the like, where no code was asked for, only say things otherwise."""
        if self._code is None or self._code in _PLAIN_TEXT:
            return False
        return not (self._wants_no_code and self._code in _NOTATIONS)

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
        claimed = self._claimed(words, sentence)
        true_beginning = self._true_beginning(sentence) if claimed is Claimed.PART else ""
        self._in_claimed_list = claimed is not None and words.endswith(":")
        self._after_claim = claimed is not None
        if claimed is None:
            return sentence[self._shown :]
        self._shown += len(true_beginning)
        return true_beginning + self._instead(sentence, words)

    def _true_beginning(self, sentence: str) -> str:
        """What of a sentence that was held from its beginning says something before the claim."""
        if not self._holds_all:
            return ""
        beginning = sentence[: self._held_from(sentence, 0)]
        words = self._grammar.plain(beginning)
        says_something = self._is_joined(words) and not self._grammar.assent.match(f"{words} ")
        return beginning if says_something else ""

    def _is_joined(self, words: str) -> bool:
        """Whether another statement may follow."""
        return bool(words) and words.split()[-1] in self._grammar.joints

    def _claimed(self, words: str, sentence: str) -> Claimed | None:
        if not words or self._text.is_of_the_person(words) or self._is_for_another(sentence):
            return None
        claimed = self._grammar.claimed(words, self._asked_for)
        if claimed is None or self._proofs.prove(words):
            return None
        return None if self._repeats(sentence) and not self._grammar.claims_in_so_many_words(words) else claimed

    def _is_for_another(self, sentence: str) -> bool:
        return bool(self._left_to) and language_of(sentence, ENGLISH) == self._left_to

    def _is_rest_of_claim(self, sentence: str, words: str) -> bool:
        """The items of a list whose heading claimed them; details of what was not done; signs behind a claim."""
        if self._in_claimed_list and _ITEM.match(sentence):
            return True
        if not self._after_claim:
            return False
        return bool(self._grammar.details.search(words)) if words else "\n" not in sentence

    def _unquoted(self, sentence: str) -> str:
        """The sentence itself. An answer that is all in quotation marks quotes nobody, nor does a line that is code."""
        bare = sentence[len(_before(sentence)) :].strip()
        if self._wants_no_code and (self._code is not None or bare.startswith("{")):
            return _NOTATION.sub(" ", bare)
        if len(bare) > 1 and bare[0] == bare[-1] == "`":
            return bare.strip("`")
        if not self._may_quote and not self._text.is_wanted:
            return bare.translate(_WITHOUT_QUOTES)
        if self._begun or self._text.is_wanted or bare[:1] not in _QUOTES or not bare:
            return bare
        return bare[1:] if len(bare.strip(_QUOTES + ".!")) + 4 >= len(bare) and not _inner_quote(bare) else bare

    def _instead(self, sentence: str, words: str) -> str:
        truth = self._grammar.truth(words, self._asked)
        says = self._proofs.instead_of(truth.kind) or ("" if self._told else truth.says)
        self._told = True
        if not self._shown:
            return f"{_before(sentence)}{says}" if says else ""
        shown = self._grammar.plain(sentence[: self._shown])
        if self._is_joined(shown):
            return f"{says[:1].lower()}{says[1:]}" or self._grammar.continuations["was"]
        return f"{self._grammar.continuations.get(shown.split()[-1] if shown else '', '…')} {says}".rstrip()

    def _pass_on(self) -> str:
        held_from = 0 if self._holds_all else self._held_from(self._open, self._shown)
        passed = self._open[self._shown : held_from]
        self._shown = max(self._shown, held_from)
        return passed

    def _held_from(self, text: str, passed: int) -> int:
        """Where in a sentence, of which so much has passed, the first word stands that can begin a claim."""
        first = _WORD.search(text)
        if self._in_code and first:
            return len(text)
        if first is None or self._after_claim or not _TICKS.isdisjoint(text[: first.start()]):
            return 0
        for word in _WORD.finditer(text, first.start()):
            if word.start() >= passed and self._may_begin(word):
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
        seen = word.string[word.start() : min(known, word.start() + _LOOKED_AT)]
        return not self._grammar.never_begins.match(self._grammar.plain(seen))


class ClaimGuards:
    """Guards an answer in each of the languages that it may be in, one behind the other."""

    def __init__(self, guards: Sequence[ClaimGuard]) -> None:
        self._guards = guards

    def take(self, piece: str) -> str:
        """What may be shown now that the answer goes on with this."""
        for guard in self._guards:
            piece = guard.take(piece)
        return piece

    def end(self) -> str:
        """What may be shown of the rest."""
        rest = ""
        for guard in self._guards:
            rest = guard.take(rest) + guard.end()
        return rest


def guards_of(
    asked: str, receipts: Sequence[Receipt] = (), repeats: Callable[[str], bool] = _repeats_nothing
) -> ClaimGuards:
    """Of what was asked in one language: models answer in it, or in English."""
    language = language_of(asked) or ENGLISH
    own = ClaimGuard(asked, receipts, language, repeats)
    if language == ENGLISH or own.is_text_wanted:
        return ClaimGuards([own])
    return ClaimGuards([own, ClaimGuard(asked, receipts, ENGLISH, repeats, left_to=language)])


def without_claims(asked: str, answer: str, receipts: Sequence[Receipt] = ()) -> str:
    """A whole answer as it may be shown."""
    guards = guards_of(asked, receipts)
    return guards.take(answer) + guards.end()


def _before(sentence: str) -> str:
    """What of a sentence only says where it stands: in a list, in a heading."""
    found = _BEFORE.match(sentence)
    return found[0] if found else ""


def _inner_quote(bare: str) -> bool:
    return bare.rstrip(".!?")[1:-1].count(bare[0]) > 0
