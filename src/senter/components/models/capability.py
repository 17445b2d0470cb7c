"""What a model may be trusted with, and how that is known.

The setting decides where it is not `auto`; else an exam of this model, held here or shipped with Senter; else its
family; else it is trusted with short JSON, which is checked wherever it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from senter.components.models.exam.families import level_of_family
from senter.components.models.exam.features import Features
from senter.components.models.exam.results import ExamRecord, ModelIdentity, shipped
from senter.messages.model import Capability

UNKNOWN_MODEL = Capability.STRUCTURED
KnownBy = Literal["setting", "measured", "shipped", "family", "assumed"]


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """What a model may be trusted with, by what that is known, and what its endpoint has."""

    level: Capability
    known_by: KnownBy
    features: Features


def standing(
    setting: Literal["auto", "basic", "structured", "capable"], identity: ModelIdentity, record: ExamRecord | None
) -> ModelStanding:
    level, known_by, features = _known(identity, record)
    return (
        ModelStanding(level, known_by, features)
        if setting == "auto"
        else ModelStanding(Capability(setting), "setting", features)
    )


def _known(identity: ModelIdentity, record: ExamRecord | None) -> tuple[Capability, KnownBy, Features]:
    if record and record.level:
        return record.level, "measured", record.features
    out_of_the_box = shipped().get(identity.sha256)
    if out_of_the_box and out_of_the_box.level:
        return out_of_the_box.level, "shipped", out_of_the_box.features
    family = level_of_family(identity.model)
    return (family, "family", Features()) if family else (UNKNOWN_MODEL, "assumed", Features())
