"""What a capable model makes of material, kept to its sources; none where the model does not keep to them."""

from __future__ import annotations

from collections.abc import Sequence

from senter.component.tokens import estimate_tokens, fitting_beginning
from senter.components.task_engine.agent.grounding import problems_with, renumbered
from senter.components.task_engine.contract.material import Document, Material
from senter.components.task_engine.offline.summary import Cited
from senter.components.task_engine.permissions.taint import wrapped
from senter.components.task_engine.work.task_run import CAPABLE_PROMPT_TOKENS, Undertaking

MATERIAL_TOKENS = CAPABLE_PROMPT_TOKENS - 1_500
NOTES_TOKENS = 1_500
ROUNDS = 2

_CITE = (
    "Use only the numbered sources. After each statement put the number of its source in brackets, like [1]. "
    "Take figures and names exactly as they stand there. Say what the sources leave open."
)


async def written_from(work: Undertaking, material: Material, wish: str, outline: str = "") -> Cited | None:
    """What `wish` asks for, written from the material with citations that hold. An outline holds titles of others."""
    documents = material.documents
    if not documents:
        return None
    noted = await _fitting(work, documents)
    if noted is None:
        return None
    named = ((f"source [{place}]", f"{documents[place - 1].title}\n\n{text}") for place, text in noted)
    parts = [("outline", outline)] if outline else []
    sources = "\n\n".join(wrapped(text, origin) for origin, text in (*parts, *named))
    complaint = ""
    for _ in range(ROUNDS):
        text = await work.ask_capable(f"{wish} {_CITE}{complaint}", sources)
        if text is None:
            return None
        problems = problems_with(text, documents, [work.assignment.goal])
        if not problems:
            return renumbered(text, documents)
        complaint = f" An earlier answer was refused: {'; '.join(problems)}."
    return None


async def _fitting(work: Undertaking, documents: Sequence[Document]) -> list[tuple[int, str]] | None:
    """Each document's text where all fit one prompt; else notes on each, taken one by one."""
    texts = list(enumerate((document.text for document in documents), 1))
    if sum(estimate_tokens(text, enough=MATERIAL_TOKENS) for _, text in texts) <= MATERIAL_TOKENS:
        return texts
    share = max(MATERIAL_TOKENS // len(documents), 100)
    noted: list[tuple[int, str]] = []
    for place, text in texts:
        if estimate_tokens(text, enough=share) > share:
            notes = await _notes(work, place, text)
            if notes is None:
                return None
            text = fitting_beginning(notes, share)
        noted.append((place, text))
    return noted


async def _notes(work: Undertaking, place: int, text: str) -> str | None:
    wish = f"Take short notes of what this text says about: {work.topic}. Keep figures and names exactly as they are."
    return await work.ask_capable(
        wish, wrapped(fitting_beginning(text, CAPABLE_PROMPT_TOKENS - NOTES_TOKENS), f"source [{place}]")
    )
