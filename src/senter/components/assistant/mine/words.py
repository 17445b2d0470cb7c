"""The words that questions about one's own affairs go by: `words_LANGUAGE.toml` of the language that is spoken.

Papers may be in English whoever asks: what tells of texts is joined with the English words for it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from pydantic import BaseModel

from senter.components.assistant.mine.translations import german_words, translations
from senter.components.assistant.mine.word_forms import WordForms, WritingWords
from senter.sentences import ENGLISH, spoken

PATTERNS_OF_TEXTS = frozenset(
    (
        *(
            "has.how_much",
            "has.how_old",
            "has.agreed",
            "has.how_big",
            "has.how_often",
            "has.how_hot",
            "has.price",
            "has.when",
            "has.how_long",
            "has.allowed",
            "has.where",
        ),
        *("asks", "orders", "pronouns", "greets", "sums.amount", "sums.day", "rows.owed_to_user"),
        *("figures.totals", "figures.part", "figures.unit", "figures.no_amount"),
    )
)
"""For what papers say, in whatever language."""
WORDS_OF_TEXTS = frozenset(["articles", "flags.yes", "flags.no", "versions.before", "versions.after", "versions.other"])
LISTS_OF_TEXTS = frozenset({"titles", "kindred.groups"})
GERMAN = "de"
_GERMAN_LETTERS = re.compile("[äöüß]")
_Table = MutableMapping[str, object]


class RowWords(BaseModel):
    """Of rows of tables."""

    owed_to_user: str
    asks_own_debts: str
    asks_debts_of_others: str


class FigureWords(BaseModel):
    """Of figures that are wanted of tables."""

    kinds: dict[str, str]
    measures: dict[str, str]
    compares: tuple[str, ...]
    money: str
    per_time: str
    per: str
    which: str
    spans: dict[str, str]
    totals: str
    part: str
    unit: str
    no_amount: str
    time: str
    between_times: str
    comparing: str
    now: str
    now_alone: str


class ListedMailsFile(BaseModel):
    """Of mails that are asked for as such."""

    asks: str
    called: str


class VersionWords(BaseModel):
    """Of papers that there are several versions of."""

    before: str
    after: str
    other: str
    older: str
    last_year: str


class SeasonWords(BaseModel):
    """What stands before a season: with `which` where it tells which one."""

    before: str
    which: dict[str, str]
    """`next`, `last` or `past`, by what is said."""


class OwnWordsFile(BaseModel):
    """What stands in such a file."""

    plain: str
    light: str
    wants: dict[str, str]
    has: dict[str, str]
    hints: dict[str, str]
    asks: str
    opens: str
    lists: str
    orders: str
    focus: str
    pronouns: str
    articles: str
    greets: str
    versions: VersionWords
    mails: ListedMailsFile
    own: str
    named: str
    name_alone: str
    meaning: str
    general: str
    advice: str
    past: str
    coming: str
    next: str
    sentence: str
    titles: tuple[str, ...]
    rewrites: tuple[tuple[str, str], ...]
    sums: dict[str, str]
    rows: RowWords
    flags: dict[str, str]
    sought: dict[str, str]
    seasons: dict[str, tuple[int, int]]
    figures: FigureWords
    months: dict[str, int]
    currencies: dict[str, str]
    kindred: dict[str, list[str]]
    season: SeasonWords
    figure_marks: tuple[str, str]
    writing: WritingWords = WritingWords()


@dataclass(frozen=True, slots=True)
class WordsOfTimes:
    """Of two times that are set against each other."""

    time: str
    """A pattern of either."""
    between: str
    """A pattern of what stands between them."""
    comparing: re.Pattern[str]
    now: re.Pattern[str]
    now_alone: re.Pattern[str]
    """Where the other time is not said."""


@dataclass(frozen=True, slots=True)
class ListedMailWords:
    """Of mails that are asked for as such."""

    asks: re.Pattern[str]
    called: re.Pattern[str]
    """A word that means mails, and none that they have."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Of one language."""

    plain: frozenset[str]
    light: frozenset[str]
    """Stems."""
    wants: Mapping[str, re.Pattern[str]]
    has: Mapping[str, re.Pattern[str]]
    hints: Mapping[str, re.Pattern[str]]
    asks: re.Pattern[str]
    """A sentence that asks or tells Senter to look: it answers nothing."""
    opens: re.Pattern[str]
    """A question for all that there is to say."""
    lists: re.Pattern[str]
    """A question that several things may answer."""
    own: re.Pattern[str]
    named: re.Pattern[str]
    name_alone: re.Pattern[str]
    """It asks no more than what a name is, or who or where."""
    meaning: re.Pattern[str]
    """It asks no more than what a word or two mean."""
    general: re.Pattern[str]
    """It asks about any such thing."""
    advice: re.Pattern[str]
    focus: re.Pattern[str]
    """With `focus` for what is asked for, where it is said of what."""
    pronouns: re.Pattern[str]
    """What a sentence begins with that goes on about the one before it."""
    articles: frozenset[str]
    greets: re.Pattern[str]
    """What a letter begins with, and ends with: it answers nothing."""
    version_marks: Mapping[str, int]
    """Words of names that tell the version: below 0 of one that another follows, above of the last."""
    older: re.Pattern[str]
    """It asks for a version before the newest."""
    last_year: re.Pattern[str]
    orders: re.Pattern[str]
    """What a text tells a machine that reads it to do."""
    past: re.Pattern[str]
    coming: re.Pattern[str]
    sentence: re.Pattern[str]
    """What is said and not looked for: whoever does it, a greeting."""
    next: re.Pattern[str]
    """Where a question ends and the next begins."""
    titles: tuple[str, ...]
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    asks_for_sum: re.Pattern[str]
    asks_for_count: re.Pattern[str]
    figure_as_work: re.Pattern[str]
    """A figure that is to be put somewhere, or something else to be done beside it."""
    figure: re.Pattern[str]
    """An amount in a record."""
    flags_yes: frozenset[str]
    flags_no: frozenset[str]
    settled: frozenset[str]
    """Cells that say that money has come or gone."""
    pending: frozenset[str]
    """Cells that say that it is still to."""
    asks_settled: re.Pattern[str]
    """What asks for money that has come or gone alone."""
    not_so: str
    """With `{name}` for what a row is not."""
    seasons: Mapping[str, tuple[int, int]]
    """The months that they begin and end with."""
    season: SeasonWords
    says_sum: frozenset[str]
    """Stems."""
    amount: re.Pattern[str]
    day: re.Pattern[str]
    currency: re.Pattern[str]
    owed_to_user: re.Pattern[str]
    asks_own_debts: re.Pattern[str]
    asks_debts_of_others: re.Pattern[str]
    sought: Mapping[str, tuple[str, ...]]
    """By a word, others to look for too."""
    figure_kinds: Mapping[str, re.Pattern[str]]
    """What asks for an average, an extreme or an end, by its kind."""
    measures: Mapping[str, re.Pattern[str]]
    compares: tuple[re.Pattern[str], ...]
    """With `first` and `second` for what is compared."""
    money: re.Pattern[str]
    """An amount with its currency, in a sentence."""
    per_time: re.Pattern[str]
    """With `per` for the time that an amount is for, in a sentence."""
    per: re.Pattern[str]
    """With `per` for what a figure is wanted for each of."""
    which: re.Pattern[str]
    """With `per` for what an extreme is wanted of."""
    spans: Mapping[str, str]
    """Words for a month and a year, by how they are said."""
    totals: re.Pattern[str]
    """What a row begins with that adds up others."""
    part: re.Pattern[str]
    """A column that is but a part of what is paid, or no more than planned."""
    unit: re.Pattern[str]
    """A column that measures anything but money."""
    no_amount: re.Pattern[str]
    """A column of figures that are not to be added up."""
    figures_over_times: WordsOfTimes
    mails: ListedMailWords
    months: Mapping[str, int]
    currencies: Mapping[str, str]
    """Three letters, by what is written."""
    translated: Mapping[str, frozenset[str]]
    """By the stem of a word, those of the other language."""
    kindred: Mapping[str, frozenset[str]]
    """By the stem of a word, other words that may stand for it."""
    forms: WordForms
    german: WordForms
    figure_marks: tuple[str, str]
    """What is written between thousands, and before decimals."""

    def forms_of(self, word: str) -> WordForms:
        """German words are written as in German whoever asks."""
        is_german = word in german_words() or _GERMAN_LETTERS.search(word)
        return self.german if is_german else self.forms

    def others(self, word: str) -> frozenset[str]:
        """Words that may stand for one in small letters."""
        return self.kindred.get(self.forms_of(word).stem(word), frozenset())

    def is_of_figures(self, word: str) -> bool:
        """Whether it only says that a figure is wanted."""
        return self.forms.stem(word.casefold()) in self.says_sum


def own_words() -> OwnWords:
    """Of the language that is spoken; of English where there are none of it."""
    return _own_words(spoken())


@cache
def _own_words(language: str) -> OwnWords:
    table = _table(language)
    if table is None:
        return _own_words(ENGLISH)
    file = OwnWordsFile.model_validate(_with_german_texts(table) if language == ENGLISH else _with_english(table))
    forms, german = WordForms(file.writing), WordForms(_german_file().writing)
    stem = forms.stem
    return OwnWords(
        plain=frozenset(file.plain.split()),
        light=frozenset(map(stem, file.light.split())),
        wants=_compiled(file.wants),
        has=_compiled(file.has),
        hints=_compiled(file.hints),
        asks=re.compile(file.asks, re.IGNORECASE),
        opens=re.compile(file.opens, re.IGNORECASE),
        lists=re.compile(file.lists, re.IGNORECASE),
        own=re.compile(file.own),
        named=re.compile(file.named),
        name_alone=re.compile(file.name_alone),
        meaning=re.compile(file.meaning, re.IGNORECASE),
        general=re.compile(file.general, re.IGNORECASE),
        advice=re.compile(file.advice, re.IGNORECASE),
        focus=re.compile(file.focus, re.IGNORECASE),
        pronouns=re.compile(file.pronouns, re.IGNORECASE),
        articles=frozenset(file.articles.split()),
        greets=re.compile(file.greets, re.IGNORECASE),
        version_marks=_marks(file.versions),
        older=re.compile(file.versions.older, re.IGNORECASE),
        last_year=re.compile(file.versions.last_year, re.IGNORECASE),
        orders=re.compile(file.orders, re.IGNORECASE),
        past=re.compile(file.past, re.IGNORECASE),
        coming=re.compile(file.coming, re.IGNORECASE),
        sentence=re.compile(file.sentence, re.IGNORECASE),
        next=re.compile(file.next, re.IGNORECASE),
        titles=file.titles,
        rewrites=_with_words(file.rewrites),
        asks_for_sum=re.compile(file.sums["asks"], re.IGNORECASE),
        asks_for_count=re.compile(file.sums["counts"], re.IGNORECASE),
        figure_as_work=re.compile(file.sums["work"], re.IGNORECASE),
        figure=re.compile(file.sums["figure"], re.IGNORECASE),
        flags_yes=frozenset(file.flags["yes"].split()),
        flags_no=frozenset(file.flags["no"].split()),
        settled=frozenset(file.flags.get("settled", "").split()),
        pending=frozenset(file.flags.get("pending", "").split()),
        asks_settled=re.compile(file.flags.get("asks_settled", "(?!)"), re.IGNORECASE),
        not_so=file.flags["not_so"],
        seasons=file.seasons,
        says_sum=frozenset(map(stem, file.sums["says"].split())),
        amount=re.compile(file.sums["amount"], re.IGNORECASE),
        day=re.compile(file.sums["day"], re.IGNORECASE),
        currency=re.compile(file.sums["currency"], re.IGNORECASE),
        owed_to_user=re.compile(file.rows.owed_to_user, re.IGNORECASE),
        asks_own_debts=re.compile(file.rows.asks_own_debts, re.IGNORECASE),
        asks_debts_of_others=re.compile(file.rows.asks_debts_of_others, re.IGNORECASE),
        sought={word: tuple(others.split()) for word, others in file.sought.items()},
        figure_kinds=_compiled(file.figures.kinds),
        measures=_compiled(file.figures.measures),
        compares=tuple(re.compile(pattern, re.IGNORECASE) for pattern in file.figures.compares),
        money=re.compile(file.figures.money, re.IGNORECASE),
        per_time=re.compile(file.figures.per_time, re.IGNORECASE),
        per=re.compile(file.figures.per, re.IGNORECASE),
        which=re.compile(file.figures.which, re.IGNORECASE),
        spans=file.figures.spans,
        totals=re.compile(file.figures.totals, re.IGNORECASE),
        part=re.compile(file.figures.part, re.IGNORECASE),
        unit=re.compile(file.figures.unit, re.IGNORECASE),
        no_amount=re.compile(file.figures.no_amount, re.IGNORECASE),
        figures_over_times=WordsOfTimes(
            file.figures.time,
            file.figures.between_times,
            *(
                re.compile(each, re.IGNORECASE)
                for each in (file.figures.comparing, file.figures.now, file.figures.now_alone)
            ),
        ),
        mails=ListedMailWords(*(re.compile(each, re.IGNORECASE) for each in (file.mails.asks, file.mails.called))),
        months=file.months,
        currencies=file.currencies,
        translated=_kindred(_translated(), forms, german),
        kindred=_kindred((*_groups(file), *_groups(_german_file()), *_translated()), forms, german),
        season=file.season,
        forms=forms,
        german=german,
        figure_marks=file.figure_marks,
    )


@cache
def _german_file() -> OwnWordsFile:
    table = _table(GERMAN)
    assert table is not None  # it is shipped
    return OwnWordsFile.model_validate(_with_english(table))


def _table(language: str) -> _Table | None:
    path = files("senter.components.assistant.mine").joinpath(f"words_{language}.toml")
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else None


def _with_german_texts(english: _Table) -> _Table:
    """Papers may be in German whoever asks."""
    german = _table(GERMAN)
    assert german is not None  # it is shipped
    _join(english, _of_texts(german, ""), "")
    return english


def _of_texts(table: _Table, under: str) -> _Table:
    """What tells of texts, and nothing of questions."""
    kept: _Table = {}
    for name, value in table.items():
        here = f"{under}{name}"
        if isinstance(value, dict):
            kept[name] = _of_texts(cast(_Table, value), f"{here}.")
        elif here in PATTERNS_OF_TEXTS or here in WORDS_OF_TEXTS:
            kept[name] = value
    return kept


def _with_english(table: _Table) -> _Table:
    """What tells of texts in both languages, what a language leaves out as English has it."""
    both = _table(ENGLISH)
    assert both is not None  # it is shipped
    _join(both, table, "")
    return both


def _join(both: _Table, table: _Table, under: str) -> None:
    for name, value in table.items():
        here, english = f"{under}{name}", both.get(name)
        match english, value:
            case dict(), dict():
                _join(cast(_Table, english), cast(_Table, value), f"{here}.")
            case list(), list() if here in LISTS_OF_TEXTS:
                both[name] = [*cast(list[object], value), *cast(list[object], english)]
            case str(), str() if here in PATTERNS_OF_TEXTS:
                both[name] = f"(?:{english})|(?:{value})"
            case str(), str() if here in WORDS_OF_TEXTS:
                both[name] = f"{english} {value}"
            case _:
                both[name] = value


def _marks(words: VersionWords) -> dict[str, int]:
    by = ((words.before, -1), (words.after, 1), (words.other, 0))
    return {word: stage for named, stage in by for word in named.split()}


def _compiled(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}


def _with_words(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), said) for pattern, said in pairs)


def _groups(file: OwnWordsFile) -> Iterator[list[str]]:
    """Several words that are one, such as `not_paid`, are joined."""
    return ([word.replace("_", " ") for word in group.split()] for group in file.kindred["groups"])


def _translated() -> Iterator[list[str]]:
    return ([word, *sorted(others)] for word, others in translations().items())


def _kindred(groups: Iterable[list[str]], forms: WordForms, german: WordForms) -> dict[str, frozenset[str]]:
    """The first word of a group is what is asked with; the others may stand for it."""
    kindred: dict[str, frozenset[str]] = {}
    for first, *others in groups:
        root = (german if first in german_words() or _GERMAN_LETTERS.search(first) else forms).stem(first)
        kindred[root] = kindred.get(root, frozenset()) | set(others)
    return kindred
