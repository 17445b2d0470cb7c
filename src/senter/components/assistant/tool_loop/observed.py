"""What came of a call, as a model hears it."""

from __future__ import annotations

from dataclasses import dataclass

from senter.component.tokens import fitting_beginning
from senter.component.tool_talk.outside_text import wrapped
from senter.components.assistant.tool_loop.grounds import Grounds
from senter.quoting.source_text import SourceText

NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True)
class Observed:
    """Passages to cite, and what there is to say beside them."""

    text: str = ""
    passages: tuple[SourceText, ...] = ()
    trusted: bool = True
    """Whether nobody but the user and Senter wrote any of it."""
    looked: bool = True
    """Whether it is what was looked at; else it is what was done, or went wrong."""

    def told(self, origin: str, grounds: Grounds, tokens: int) -> str:
        """With the numbers under which its passages are cited; between marks where others may have written it."""
        numbered = (f"[{grounds.number_of(each)}] {each.title}: {each.text}" for each in self.passages)
        text = fitting_beginning("\n".join(filter(None, (*numbered, self.text))), tokens) or NOTHING
        (grounds.read if self.looked else grounds.hear)(text)
        return text if self.trusted else wrapped(text, origin)
