"""What a server lists: which of its models to ask, and what tells one from another."""

from __future__ import annotations

from itertools import chain

from senter.components.models.wire import ListedModel

_OF_THE_MOMENT = frozenset({"permission", "state", "status"})
"""What servers tell that changes from one list to the next."""
_EMBEDDING_MODELS = ("embed", "minilm", "bge-")


def told_of(listed: ListedModel | None, *, created: bool = False) -> str:
    """What tells one model from another behind the same name. Ollama's `created` says when a model was fetched; others
    put the time of the question there."""
    if listed is None:
        return ""
    owner = (listed.model_extra or {}).get("owned_by")
    return listed.told(_OF_THE_MOMENT if created or owner == "library" else {*_OF_THE_MOMENT, "created"})


def choose(listed: list[ListedModel], name: str, preferred: str) -> ListedModel | None:
    """The model called `name`; without a name `preferred`, else the first that is made to talk."""
    wanted = name or preferred
    named = (model for model in listed if wanted and (model.id == wanted or model.id.startswith(f"{wanted}:")))
    talkers = (model for model in listed if not any(sign in model.id.lower() for sign in _EMBEDDING_MODELS))
    return next(named if name else chain(named, talkers), None)
