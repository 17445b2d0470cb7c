"""What an act is about: its words without those that ask, and those of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from senter.messages.acts import ActKind
from senter.moments.when import Span
from senter.understanding.clauses import SaidClause
from senter.understanding.lexicon import lexicon


def gist_of(clause: SaidClause, kind: ActKind, times: Sequence[Span]) -> str:
    """In the words of the text; empty where it says nothing more than what is wanted. `times` say when the act is."""
    gist = said_beside(clause, kind, times)
    if kind is ActKind.REMINDER:
        return _timer_called(clause) or gist or _of_the_tool(clause.masked[clause.head :])
    if kind is ActKind.GOAL and (listed := lexicon().gists.to_do.fullmatch(clause.text[clause.head :].strip(" .!"))):
        return listed["what"].strip(' "“”')
    if kind is ActKind.EVENT and "household_has" in clause.signals:
        return _of_household(gist)
    return _in_list(gist) if kind is ActKind.NOTE else gist


def is_put_on_list(text: str) -> bool:
    """Whether a text puts something on the list of what is to be done: `todo: fix the bike`."""
    words, said = lexicon(), text.strip(" .!")
    return bool(words.gists.to_do.fullmatch(said) or words.references["new_to_do"].match(said.lower()))


def _of_household(gist: str) -> str:
    """`Mia: piano` of `Mia has piano`."""
    found = lexicon().references["household"].fullmatch(gist)
    return f"{found['who']}: {found['what']}" if found else gist


def _timer_called(clause: SaidClause) -> str:
    """`start a pasta timer for 9 minutes`: whatever else is said is when, and what for."""
    found = lexicon().times["timer_called"].search(clause.masked.lower())
    return clause.text[slice(*found.span("title"))] if found else ""


def _in_list(gist: str) -> str:
    """`put milk on my shopping list` as that list has it."""
    found = lexicon().gists.listed.fullmatch(gist)
    return f"{found['list']}: {found['what']}" if found else gist


def said_beside(clause: SaidClause, kind: ActKind, times: Sequence[Span]) -> str:
    """The same, but nothing for `wake me`, `set an alarm for 7`."""
    begin = _behind_opening(clause, kind)
    said = _without(clause, begin, list(_times(clause, begin, times)))
    return said if kind is ActKind.CHANGE else _bare(said)  # choices put other words in its place


def _of_the_tool(head: str) -> str:
    words = lexicon()
    if words.gists.wakes.match(head):
        return words.spelled["woken"]
    found = words.gists.tool.search(head)
    said = found[0] if found else ""
    return said.capitalize() if words.spelled["capitals"] else said


def _behind_opening(clause: SaidClause, kind: ActKind) -> int:
    """Each opening at most once; what it would leave without a word is left as it is."""
    begin = clause.head
    if clause.continues:
        found = lexicon().gists.goes_on.match(clause.masked, begin)
        return found.end() if found else begin
    for pattern in lexicon().gists.before[kind]:
        found = pattern.match(clause.masked, begin)
        if found and found.end() > begin:
            begin = found.end()
            while begin < len(clause.masked) and clause.masked[begin] in " ,:-":
                begin += 1
            if kind is not ActKind.EVENT:
                break
    return begin


def _times(clause: SaidClause, begin: int, times: Sequence[Span]) -> Iterator[Span]:
    """With the little words before them that belong to them."""
    around = lexicon().gists.around_when
    for start, end in times:
        if end > begin:
            before = around.search(clause.masked, max(begin, start - 30), start)
            yield (before.start() if before else start), end


def _without(clause: SaidClause, begin: int, cuts: Sequence[Span]) -> str:
    pieces: list[str] = []
    for start, end in cuts:
        if start > begin:
            pieces.append(clause.text[begin:start])
        begin = max(begin, end)
    pieces.append(clause.text[begin:])
    words = " ".join(" ".join(piece.strip(" ,") for piece in pieces).split()).strip(' ,.;:!?-"“”()')
    found = lexicon().gists.after.search(_plain(words), max(0, len(words) - 80))
    return (words[: found.start()] if found else words).strip(' ,.;:!?-"“”()')


def _bare(words: str) -> str:
    """Without what only the sentence needed: `die Miete zu zahlen`."""
    for pattern in lexicon().gists.left_out:
        words = pattern.sub(lambda found: "".join(filter(None, found.groups())), words)
    return words


def _plain(words: str) -> str:
    lower = words.lower().replace("’", "'")
    return lower if len(lower) == len(words) else words
