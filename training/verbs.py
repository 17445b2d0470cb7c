"""Other forms of an imperative: `pay the rent` as `paid the rent`, and whose rent it is."""

from __future__ import annotations

from collections.abc import Callable

Form = Callable[[str], str]

IRREGULAR = {
    "be": ("was", "been"),
    "bleed": ("bled", "bled"),
    "bring": ("brought", "brought"),
    "build": ("built", "built"),
    "buy": ("bought", "bought"),
    "come": ("came", "come"),
    "do": ("did", "done"),
    "draw": ("drew", "drawn"),
    "drink": ("drank", "drunk"),
    "eat": ("ate", "eaten"),
    "fall": ("fell", "fallen"),
    "feed": ("fed", "fed"),
    "find": ("found", "found"),
    "get": ("got", "got"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "grow": ("grew", "grown"),
    "hang": ("hung", "hung"),
    "leave": ("left", "left"),
    "let": ("let", "let"),
    "lose": ("lost", "lost"),
    "make": ("made", "made"),
    "pay": ("paid", "paid"),
    "proofread": ("proofread", "proofread"),
    "put": ("put", "put"),
    "quit": ("quit", "quit"),
    "read": ("read", "read"),
    "rewrite": ("rewrote", "rewritten"),
    "ring": ("rang", "rung"),
    "run": ("ran", "run"),
    "say": ("said", "said"),
    "see": ("saw", "seen"),
    "sell": ("sold", "sold"),
    "send": ("sent", "sent"),
    "set": ("set", "set"),
    "sleep": ("slept", "slept"),
    "speak": ("spoke", "spoken"),
    "stand": ("stood", "stood"),
    "swim": ("swam", "swum"),
    "take": ("took", "taken"),
    "tell": ("told", "told"),
    "write": ("wrote", "written"),
}
DOUBLING = {
    "cancel",
    "dial",
    "get",
    "let",
    "plan",
    "put",
    "quit",
    "run",
    "scan",
    "set",
    "stop",
    "submit",
    "sum",
    "swim",
    "transfer",
}
"""Verbs whose last letter is written twice before an ending."""
SIBILANTS = ("s", "sh", "ch", "x", "z", "o")


def past(phrase: str) -> str:
    """`paid the rent`."""
    return _with_verb(phrase, lambda verb: IRREGULAR[verb][0] if verb in IRREGULAR else _regular_past(verb))


def participle(phrase: str) -> str:
    """What follows `have`: `taken the bins out`."""
    return _with_verb(phrase, lambda verb: IRREGULAR[verb][1] if verb in IRREGULAR else _regular_past(verb))


def gerund(phrase: str) -> str:
    """`paying the rent`."""
    return _with_verb(
        phrase, lambda verb: _stem(verb.removesuffix("e") if verb[-2:] not in {"ee", "be"} else verb) + "ing"
    )


def third_person(phrase: str) -> str:
    """`pays the rent`."""
    return _with_verb(phrase, _third)


def with_article(phrase: str) -> str:
    """`an exam`."""
    return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"


def his(phrase: str) -> str:
    """What is mine made somebody's: `his rent`."""
    return " ".join({"my": "his", "me": "him"}.get(word, word) for word in phrase.split(" "))


def their(phrase: str) -> str:
    """What is mine made several people's."""
    return " ".join({"my": "their", "me": "them"}.get(word, word) for word in phrase.split(" "))


FORMS: dict[str, Form] = {
    "past": past,
    "done": participle,
    "ing": gerund,
    "third": third_person,
    "a": with_article,
    "his": his,
    "their": their,
}


def _with_verb(phrase: str, form: Form) -> str:
    verb, space, rest = phrase.partition(" ")
    return form(verb) + space + rest


def _stem(verb: str) -> str:
    return verb + verb[-1] if verb in DOUBLING else verb


def _regular_past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if _ends_in_consonant_and_y(verb) else f"{_stem(verb)}ed"


def _third(verb: str) -> str:
    if _ends_in_consonant_and_y(verb):
        return f"{verb[:-1]}ies"
    return verb + ("es" if verb.endswith(SIBILANTS) else "s")


def _ends_in_consonant_and_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in "aeou"
