"""Texts made to be slow for whoever reads them: of the words and marks that the rules themselves look for.

The pieces are taken from the rules' own patterns, so that a rule that is added is tried without anybody thinking of it.
"""

# pyright: basic, reportPrivateUsage=false, reportAttributeAccessIssue=false
# What a pattern is made of only `re` itself can tell, and it has no types for that.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from re import _constants as kinds
from re import _parser as parser
from types import ModuleType

MOST_REPEATS = 3
EXAMPLES_OF_EACH = 12
SEPARATORS = (*("", " ", " ", " ", "  ", "\t", "\n", "\n\n"), *",;:./@-", *(", ", "; ", ". ", ": ", " and ", " then "))
MARKS = (
    *"\"'“”`()[]{}<>|#*_~=+-.,;:!?…/\\@&$%^0159 \t\n\r",
    *("```", "~~~", "---", "**", "](", "[1]", "://", "{{", "}}", "<|", "|>"),
    *("\n# ", "\n- ", "\n\n", "\n1. ", " ~/", ' "/', "本。"),
    *"éß日😀İſ½\u200d\u0301\u202e\x00\ufeff",
)
OPEN_AND_CLOSED = tuple(pair.split("…") for pair in ("(…)", "[…]", "{…}", "<|…|>", "“…”", "**…**", "[a](…)", "{{…}}"))


def pieces_of(modules: Iterable[ModuleType], random: Random) -> list[str]:
    """What the patterns in those modules match, some of each."""
    values = [value for module in modules for value in vars(module).values()]
    patterns = {each.pattern for value in values for each in _held(value) if isinstance(each, re.Pattern)}
    trees = [parser.parse(pattern) for pattern in sorted(patterns)]
    found = {_matching(tree, random) for tree in trees for _ in range(EXAMPLES_OF_EACH)}
    words = {word for piece in found for word in piece.split()}
    return sorted((found | words | set(MARKS)) - {""})


def _held(value: object) -> Iterator[object]:
    """What a value of a module is, or holds in a table."""
    match value:
        case dict():
            yield from (each for row in value.values() for each in _held(row))
        case tuple():
            yield from (each for row in value for each in _held(row))
        case _:
            yield value


def texts(pieces: Sequence[str], random: Random, characters: int) -> Iterator[str]:
    """Texts of so many characters, without end."""
    while True:
        text = random.choice(SHAPES)(pieces, random, characters)
        ending = random.choice((*MARKS, random.choice(pieces), "x", " !"))
        yield text[: characters - len(ending)] + ending


def _repeated(pieces: Sequence[str], random: Random, characters: int) -> str:
    """One unit over and over, after a beginning that makes a rule look."""
    unit = _some(pieces, random, random.choice((1, 1, 2, 3)))
    begin = random.choice(("", random.choice(pieces), random.choice(pieces) + " "))
    return begin + unit * (characters // max(len(unit), 1))


def _nearly(pieces: Sequence[str], random: Random, characters: int) -> str:
    """What nearly matches: a piece without its end, over and over."""
    piece = random.choice(pieces)
    unit = piece[: random.randint(1, len(piece))] + random.choice(SEPARATORS)
    return random.choice(pieces) + " " + unit * (characters // len(unit))


def _mixed(pieces: Sequence[str], random: Random, characters: int) -> str:
    few = random.choices(pieces, k=random.choice((2, 5, 20, 200)))
    separators = random.choices(SEPARATORS, k=random.choice((1, 1, 3)))
    parts = random.choices(few, k=characters // 4)
    return "".join(part + random.choice(separators) for part in parts)


def _nested(pieces: Sequence[str], random: Random, characters: int) -> str:
    before, after = random.choice(OPEN_AND_CLOSED)
    inside = _some(pieces, random, 2)
    depth = (characters - len(inside)) // (len(before) + len(after))
    return before * depth + inside + after * depth


def _long_run(pieces: Sequence[str], random: Random, characters: int) -> str:
    """One character over and over between pieces."""
    run = random.choice(("a", " ", "1", "\n", "A", ".", "-", "#", "=", '"', "é", "a.", "1,", "ab ", "\n "))
    share = characters // random.choice((1, 2, 10, 50)) // len(run)
    return "".join(random.choice(pieces) + run * share for _ in range(characters // max(share, 1) + 1))


SHAPES: tuple[Callable[[Sequence[str], Random, int], str], ...] = (
    *(_repeated, _repeated, _repeated),
    *(_nearly, _nearly),
    *(_mixed, _mixed),
    _nested,
    _long_run,
)


def _some(pieces: Sequence[str], random: Random, count: int) -> str:
    separator = random.choice(SEPARATORS)
    return "".join(random.choice(pieces) + separator for _ in range(count)) or " "


def _matching(tree: Iterable[tuple[object, object]], random: Random) -> str:
    """One of the texts that a pattern matches, leaving aside what it wants around it."""
    return "".join(_of(kind, value, random) for kind, value in tree)


def _of(kind: object, value, random: Random) -> str:
    match kind:
        case kinds.LITERAL:
            return chr(value)
        case kinds.BRANCH:
            return _matching(random.choice(value[1]), random)
        case kinds.SUBPATTERN:
            return _matching(value[3], random)
        case kinds.ATOMIC_GROUP:
            return _matching(value, random)
        case kinds.MAX_REPEAT | kinds.MIN_REPEAT | kinds.POSSESSIVE_REPEAT:
            least, most, inner = value
            times = random.randint(int(least), min(int(most), int(least) + MOST_REPEATS))
            return "".join(_matching(inner, random) for _ in range(times))
        case kinds.IN:
            inner_kind, inner = random.choice(value)
            return _of(inner_kind, inner, random)
        case kinds.RANGE:
            return chr(random.randint(*value))
        case kinds.CATEGORY:
            return {kinds.CATEGORY_DIGIT: "7", kinds.CATEGORY_SPACE: " "}.get(value, "w")
        case kinds.ASSERT:
            direction, inner = value
            return _matching(inner, random) if direction > 0 else ""
        case kinds.NOT_LITERAL | kinds.ANY | kinds.NEGATE:
            return random.choice("ax1 .")
        case _:
            return ""
