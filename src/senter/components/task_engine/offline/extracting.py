"""The sentences that say most about a topic, chosen from documents without a model. Pure.

A sentence counts for the topic's words in it and in the heading above it (rare words more), for the
words that the documents have in common, for standing first, and for defining something. Sentences that
repeat one that was chosen are left out, and no document takes all the room.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from senter.components.task_engine.contract.material import LONGEST_DOCUMENT, Material
from senter.quoting.sentences import Sentence, sentences
from senter.quoting.source_text import SourceText
from senter.quoting.words import SMALL_WORDS, stem, stems, words

MOST_PER_DOCUMENT = 6
TOO_ALIKE = 0.6
TOPIC_WEIGHT = 2.0
HEADING_WEIGHT = 0.5
COMMON_WEIGHT = 0.6
FIRST_BONUS = 0.4
DEFINITION_BONUS = 0.5
FIGURE_BONUS = 0.2
PLAIN_WORDS = range(6, 41)

_DEFINES = re.compile(r"\b(?:is|are|was|were|means|refers to|consists? of|allows?|provides?)\b", re.IGNORECASE)
_SAYS_WHAT = re.compile(r"\b(?:is|are) (?:an?|the|one)\b|\b(?:means|refers to)\b", re.IGNORECASE)
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence word for word, and the document it stands in, counted from 0."""

    document: int
    sentence: Sentence
    score: float
    stems: frozenset[str]

    @property
    def text(self) -> str:
        return self.sentence.text


def scored(documents: Sequence[SourceText], topic: str) -> list[Quote]:
    """Every sentence of every document with its score, in order."""
    wanted = frozenset(stems(topic))
    found = [
        Quote(number, sentence, 0.0, frozenset(stems(sentence.text)))
        for number, document in enumerate(documents)
        for sentence in sentences(document.text)
    ]
    seen = Counter(stem for quote in found for stem in quote.stems)
    top = max(seen.values(), default=1)
    # A word that stands in every sentence tells little; one that the documents come back to tells what they are about.
    rarity = {stem: math.log(1 + len(found) / count) for stem, count in seen.items()}
    common = {stem: count / top for stem, count in seen.items() if count > 1}
    above = {name: sum(rarity.get(stem, 1.0) for stem in wanted & own) for name, own in headings(found).items()}
    return [replace(quote, score=_score(quote, wanted, rarity, common, above)) for quote in found]


def choose(
    quotes: Sequence[Quote], count: int, most_per_document: int = MOST_PER_DOCUMENT, begun: Sequence[Quote] = ()
) -> list[Quote]:
    """The best `count` that do not repeat each other, the best of every document before any second one.

    `begun` are chosen already and come first.
    """
    chosen = list(begun)
    taken = Counter(quote.document for quote in begun)
    left = sorted(quotes, key=lambda quote: (-quote.score, quote.document, quote.sentence.position))
    for most in range(1, most_per_document + 1):
        later: list[Quote] = []
        for quote in left:
            if len(chosen) >= count:
                return chosen
            if taken[quote.document] >= most:
                later.append(quote)
            elif not any(_alike(quote, other) for other in chosen):
                chosen.append(quote)
                taken[quote.document] += 1
        left = later  # what repeats a chosen one always will
    return chosen


def relevant(quotes: Sequence[Quote], topic: str) -> list[Quote]:
    """Those of documents that mention the topic at all; all of them where none does."""
    wanted, above = set(stems(topic)), headings(quotes)
    about = {each.document for each in quotes if wanted & (each.stems | above[each.sentence.heading])}
    return [quote for quote in quotes if quote.document in about] or list(quotes)


def headings(quotes: Iterable[Quote]) -> dict[str, frozenset[str]]:
    """The stems of each heading, once."""
    return {heading: frozenset(stems(heading)) for heading in {quote.sentence.heading for quote in quotes}}


def definition(quotes: Sequence[Quote], topic: str) -> Quote | None:
    """The sentence that begins with a word of the topic and says what it is, where there is one."""
    wanted = set(stems(topic))
    for quote in sorted(quotes, key=lambda quote: -quote.score):
        beginning = stems(" ".join(quote.text.split()[:4]))
        if beginning and beginning[0] in wanted and _SAYS_WHAT.search(" ".join(quote.text.split()[:8])):
            return quote
    return None


def unmentioned(quotes: Sequence[Quote], topic: str) -> list[str]:
    """Words of the topic that no document has."""
    said = frozenset[str]().union(*(quote.stems for quote in quotes), *headings(quotes).values())
    asked = dict.fromkeys(word for word in words(topic) if word not in SMALL_WORDS)
    return [word for word in asked if stem(word) not in said]


def best_sentence(document: SourceText, topic: str) -> str:
    """The one that says most about the topic; the beginning of a text without sentences."""
    best = max(scored([document], topic), key=lambda quote: quote.score, default=None)
    return best.text if best else " ".join(document.text.split())[:200]


def fitting(material: Material, topic: str) -> Material:
    """Without documents that share too few of the topic's words: a search finds something for everything."""
    wanted = set(stems(topic))
    enough = max(1, (len(wanted) + 1) // 2)
    kept = [
        document
        for document in material.documents
        if len(wanted & {own for quote in scored([document], topic) for own in quote.stems}) >= enough
    ]
    return Material.of(kept, material.missing if kept else ())


def about(text: str, topic: str) -> str:
    """The paragraphs that say most about a topic, in their order, up to `LONGEST_DOCUMENT` characters."""
    if len(text) <= LONGEST_DOCUMENT:
        return text
    paragraphs = [piece for piece in re.split(r"\n\s*\n", text) if piece.strip()]
    wanted = set(stems(topic))
    worth = {number: len(wanted.intersection(stems(piece))) for number, piece in enumerate(paragraphs)}
    kept: set[int] = set()
    room = LONGEST_DOCUMENT
    for number in sorted(worth, key=lambda number: (-worth[number], number)):
        if len(paragraphs[number]) + 2 <= room:
            kept.add(number)
            room -= len(paragraphs[number]) + 2
    return "\n\n".join(paragraphs[number] for number in sorted(kept)) or text[:LONGEST_DOCUMENT]


def _score(quote: Quote, wanted: Set[str], rarity: Weights, common: Weights, above: Weights) -> float:
    if not quote.stems:
        return 0.0
    sentence = quote.sentence
    topic = sum(rarity[stem] for stem in quote.stems & wanted)
    shared = sum(common.get(stem, 0.0) for stem in quote.stems) / math.sqrt(len(quote.stems))
    bonus = FIRST_BONUS / (1 + sentence.position)
    bonus += DEFINITION_BONUS if topic and _DEFINES.search(sentence.text) else 0.0
    bonus += FIGURE_BONUS if any(letter.isdigit() for letter in sentence.text) else 0.0
    score = TOPIC_WEIGHT * topic + HEADING_WEIGHT * above[sentence.heading] + COMMON_WEIGHT * shared + bonus
    return score if len(sentence.text.split()) in PLAIN_WORDS else score * 0.7


def _alike(quote: Quote, other: Quote) -> bool:
    if quote.text == other.text:
        return True
    shared = len(quote.stems & other.stems)
    union = len(quote.stems) + len(other.stems) - shared
    return bool(union) and shared / union >= TOO_ALIKE
