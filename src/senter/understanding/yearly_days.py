"""Days that come every year, birthdays above all: what they are called, and what points back to one. Pure."""

from __future__ import annotations

from senter.understanding.lexicon import lexicon


def is_of_yearly_day(gist: str) -> bool:
    """Whether it says no more than which day is meant: `his birthday`, `it`."""
    return lexicon().times["of_yearly_day"].fullmatch(gist) is not None


def yearly_title(gist: str) -> str:
    """`Mum's birthday` of `Mum's birthday is on 12 March`; what is about nothing of the kind stays as it is."""
    times = lexicon().times
    if found := times["born"].fullmatch(gist):
        return lexicon().spelled["birthday_of"].format(who=found["who"])
    found = times["yearly_title"].fullmatch(gist)
    return found["title"] if found else gist
