"""What a question is like before it is read: whether it may be about what is one's own, and whether it wants a figure,
advice, or no more than the meaning of a word. Pure."""

from __future__ import annotations

from senter.components.assistant.mine.question import terms_of
from senter.components.assistant.mine.times import times_compared
from senter.components.assistant.mine.words import own_words

LONGEST_FIGURE_QUESTION = 500
"""Characters; whoever asks for a figure says no more."""
MOST_WORDS_TO_NAME = 8


def may_be_own(text: str, *, by_name: bool = True) -> bool:
    """Whether what is one's own might answer it, where nothing says so for certain; advice is nobody's own, nor is what
    a name alone is."""
    words = own_words()
    names = by_name and words.named.search(text) and not asks_for_name(text)
    may_be = says_own(text) or names or words.asks_for_sum.search(text)
    return bool(may_be) and not asks_for_advice(text)


def says_own(text: str) -> bool:
    """Whether it speaks of something as one's own, or as known: `the party`."""
    return own_words().own.search(text) is not None


def names_something(text: str) -> bool:
    """Whether it is a few words and no sentence: `notice period`, `unpaid invoices`."""
    terms = terms_of(text)
    return (
        0 < len(text.split()) <= MOST_WORDS_TO_NAME
        and not own_words().sentence.search(text)
        and not all(term.is_light for term in terms)
    )


def asks_for_name(text: str) -> bool:
    """Whether it asks no more than what a name is: `who is Anna`."""
    return own_words().name_alone.search(text) is not None


def asks_for_meaning(text: str) -> bool:
    """Whether it asks no more than what a word or two mean: `what is hay fever`."""
    return own_words().meaning.search(text) is not None


def asks_in_general(text: str) -> bool:
    """Whether it asks about any such thing, and none that is known: `a boiler`."""
    return own_words().general.search(text) is not None


def asks(text: str) -> bool:
    """Whether it has the form of a question, or of an order to look something up."""
    return own_words().asks.search(text) is not None


def asks_for_figure(text: str) -> bool:
    """Whether it wants a sum or a count, and that nowhere but in the answer."""
    words = own_words()
    if len(text) > LONGEST_FIGURE_QUESTION:
        return False
    patterns = (words.asks_for_sum, words.asks_for_count, *words.figure_kinds.values(), *words.compares)
    wants = any(pattern.search(text) for pattern in patterns) or _names_each(text) or times_compared(text) is not None
    return wants and not words.figure_as_work.search(text)


def _names_each(text: str) -> bool:
    """`groceries per month`."""
    found = own_words().per.search(text)
    return found is not None and found["per"].casefold() in own_words().spans


def asks_for_advice(text: str) -> bool:
    """Or for what anybody may know: `how do I write a notice`."""
    return own_words().advice.search(text) is not None


def questions_in(text: str) -> list[str]:
    """Each by itself; what asks on about the one before it, such as `and why`, goes with that."""
    asked: list[str] = []
    begin = 0
    for end in (*(found.start() for found in own_words().next.finditer(text)), len(text)):
        part = text[begin:end]
        if asked and asks_on(part):
            asked[-1] += part
        else:
            asked.append(part)
        begin = end
    return [part.strip(" ,;?") if len(asked) > 1 else part for part in asked]


def asks_on(text: str) -> bool:
    """Whether it says nothing of its own: `why`, `and what do they add up to`."""
    return all(term.is_light or own_words().is_of_figures(term.said) for term in terms_of(text))
