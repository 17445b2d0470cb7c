"""Takes what a model thinks aloud out of its answer, while the answer comes in pieces.

Thoughts stand between tags at the beginning of an answer, or anywhere in it; the last ones may have no end. Some chat
templates write the opening tag themselves, so that only the closing one comes: then all before it is thought, and
what was already shown of it is void. A model known for that has its text held back until the tag comes, and so has one
that was never heard before and sounds like thinking. A tag in code or quotation marks is a word like any other.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from senter.components.models.held import held_back

# Tags that mean thoughts wherever they stand, and those that do at the beginning of an answer only.
ANYWHERE = {
    "<think>": "</think>",
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<seed:think>": "</seed:think>",
    "<|channel|>analysis<|message|>": "<|channel|>final<|message|>",
}
AT_BEGINNING = {
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<thoughts>": "</thoughts>",
    "<reasoning>": "</reasoning>",
    "<reflection>": "</reflection>",
}
CLOSING = {**ANYWHERE, **AT_BEGINNING}
# Those that need no opening tag; the others may well be what an answer is about.
ENDING_ALONE = frozenset({*ANYWHERE.values(), "</thinking>"})
TAGS = (*CLOSING, *CLOSING.values())
_TAG = re.compile("|".join(map(re.escape, TAGS)), re.IGNORECASE)
QUOTES = ("'", '"')

# Models whose templates are known to open the thinking themselves, by what their names have in common.
_LIKELY = re.compile(
    r"(?<![a-z])r1(?![a-z0-9])|qwq|think|reason|qwen-?3(?!.*(?:instruct|coder))|magistral|exaone-deep"
    r"|glm-(?:z1|4\.[5-9])|minimax-m|nemotron|smollm3|seed-oss",
    re.IGNORECASE,
)
# How thoughts begin.
MUSINGS = (
    "the user",
    "user ",
    "okay",
    "ok,",
    "alright",
    "hmm",
    "let me",
    "let's see",
    "so,",
    "so the user",
    "first,",
    "we need",
    "we are",
    "we have",
    "i need",
    "i should",
    "i have to",
    "the question",
    "the task",
    "got it",
    "wait",
    "thinking",
)

Hold: TypeAlias = Literal["nothing", "musings", "all"]
"""What of an answer is held back until it is certain what is thought."""


def sounds_like_thinking(beginning: str) -> bool:
    """Whether an answer begins as thoughts do, or may yet."""
    said = beginning.lstrip().lower()
    return any(said.startswith(musing) or musing.startswith(said) for musing in MUSINGS)


def likely_thinks_aloud(model: str) -> bool:
    """Whether a model's name says that its thoughts may come without an opening tag."""
    return bool(_LIKELY.search(model))


class ThoughtFilter:
    """Hands on an answer without its thoughts. `thinks_aloud` says of a model that they have no opening tag."""

    def __init__(self, *, hold: Hold, thinks_aloud: bool = False) -> None:
        self._hold: Hold = hold
        self._thinks_aloud = thinks_aloud
        self._rest = ""
        self._closing = ""
        """The tag that ends the thoughts it is in."""
        self._kept = ""
        """What is held back."""
        self._blank = ""
        """White space before the first word."""
        self._doubtful: str | None = None
        """What may be thought, or words about such tags: from a tag in the middle of an answer on."""
        self._begun = False
        self._shown = False
        self._in_code = False
        self._before = ""
        """The character before what comes next."""
        self.thought = False
        """Whether there were thoughts."""
        self.ended_alone = False
        """Whether thoughts came without an opening tag."""
        self.voided = False
        """Whether what was handed on before was thought. Who acts on it sets it back."""

    def feed(self, piece: str) -> str:
        """The text that became certain with this piece."""
        self._rest += piece
        while self._step():
            pass
        return self._certain()

    def release(self) -> str:
        """Thoughts have a place of their own: nothing needs to be held back."""
        self._hold = "nothing"
        return self._certain()

    def finish(self, *, cut: bool = False) -> str:
        """What was held back, at the end of the answer, which was `cut` or ends by itself.

        Thoughts without an end are none of it. But who ends by itself in the middle of an answer did not think.
        """
        rest, self._rest = self._rest, ""
        if not self._closing:
            self._keep(rest)
        elif self._doubtful is not None and not cut:
            self._keep(self._doubtful + rest)
        else:
            self.thought = True
        if self._hold == "all" and self._thinks_aloud and cut and sounds_like_thinking(self._kept):
            self.thought = True  # it never came to its answer
            return ""
        self._hold = "nothing"
        return self._certain()

    def _step(self) -> bool:
        """Take the text up to the next tag; whether there was one."""
        return self._leave_thoughts() if self._closing else self._look_for_tag()

    def _leave_thoughts(self) -> bool:
        found = re.search(re.escape(self._closing), self._rest, re.IGNORECASE)
        ends = found.end() if found else len(self._rest) - held_back(self._rest.lower(), (self._closing,))
        if self._doubtful is not None:
            self._doubtful += self._rest[:ends]
        self._rest = self._rest[ends:]
        if found:
            self._closing, self._doubtful = "", None
            self._hold, self.thought = "nothing", True
        return found is not None

    def _look_for_tag(self) -> bool:
        found = _TAG.search(self._rest)
        sure = found.start() if found else len(self._rest) - held_back(self._rest.lower(), TAGS)
        self._keep(self._rest[:sure])
        self._rest = self._rest[sure:]
        if found is None or self._undecided(found.group()):
            return False
        self._rest = self._rest[len(found.group()) :]
        self._take_tag(found.group())
        return True

    def _undecided(self, tag: str) -> bool:
        """Whether what comes next decides if the tag stands in quotation marks."""
        return self._before in QUOTES and len(self._rest) == len(tag)

    def _take_tag(self, written: str) -> None:
        tag = written.lower()
        if self._in_code or (self._before in QUOTES and self._rest.startswith(self._before)):
            self._keep(written)
        elif tag in ANYWHERE or (tag in AT_BEGINNING and not self._begun):
            self._closing, self._doubtful = CLOSING[tag], written if self._begun else None
        elif tag in ENDING_ALONE:
            self._void()
        else:
            self._keep(written)

    def _void(self) -> None:
        """All before was thought."""
        self.voided = self._shown
        self.thought = self.ended_alone = True
        self._kept = self._blank = self._before = ""
        self._begun = self._shown = self._in_code = False
        self._hold = "nothing"

    def _keep(self, text: str) -> None:
        if not text:
            return
        if not self._begun and not text.strip():
            self._blank += text
            return
        if not self._begun:
            text = text.lstrip() if self.thought else self._blank + text
            self._blank = ""
        self._begun = True
        self._kept += text
        self._before = text[-1:]
        self._in_code ^= text.count("`") % 2 == 1

    def _certain(self) -> str:
        if self._hold == "musings" and not sounds_like_thinking(self._kept):
            self._hold = "nothing"
        if self._hold != "nothing":
            return ""
        certain, self._kept = self._kept, ""
        self._shown = self._shown or bool(certain)
        return certain
