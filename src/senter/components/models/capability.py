"""Whether a model can be relied on for more than talk.

The rule: the setting decides where it is not `auto`. Else the number of parameters does, as the server
tells it or as the model's name says it (`qwen2.5:14b`): from 7 billion on a model is capable. What is not
known is basic, because everything Senter does has a path that is right with a basic model.
"""

from __future__ import annotations

import re
from typing import Literal

from senter.components.models.wire import ListedModel
from senter.messages.model import Capability

CAPABLE_FROM_PARAMETERS = 7e9

_SIZE = re.compile(r"(?<![\w.])(?:\d+x)?(\d+(?:\.\d+)?)\s*([bm])(?![a-z0-9])", re.IGNORECASE)


def capability(model: ListedModel, setting: Literal["auto", "basic", "structured", "capable"]) -> Capability:
    if setting != "auto":
        return Capability(setting)
    told = model.meta.n_params if model.meta else 0
    parameters = told or parameters_in(model.id)
    return Capability.CAPABLE if parameters >= CAPABLE_FROM_PARAMETERS else Capability.BASIC


def parameters_in(name: str) -> float:
    """The number of parameters a model's name tells; 0 when it tells none."""
    sizes = [float(number) * (1e9 if unit in "bB" else 1e6) for number, unit in _SIZE.findall(name)]
    return max(sizes, default=0)
