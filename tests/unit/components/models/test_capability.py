"""What a model may be trusted with, and by what that is known."""

from __future__ import annotations

import pytest

from senter.components.models.capability import standing
from senter.components.models.exam.families import level_of_family
from senter.components.models.exam.features import Features
from senter.components.models.exam.results import ExamRecord, ModelIdentity, shipped
from senter.messages.model import Capability
from senter.weights.catalogue import BRAIN, find_weights


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("gpt-5", Capability.CAPABLE),
        ("openai/gpt-4o-mini", Capability.CAPABLE),
        ("claude-sonnet-4-5", Capability.CAPABLE),
        ("llama3.3", Capability.CAPABLE),
        ("Meta-Llama-3.1-70B-Instruct", Capability.CAPABLE),
        ("qwen2.5:14b", Capability.CAPABLE),
        ("mistral-large-latest", Capability.CAPABLE),
        ("deepseek-chat", Capability.CAPABLE),
        ("llama3.2", Capability.STRUCTURED),
        ("llama3.2:3b", Capability.STRUCTURED),
        ("llama3.1:8b", Capability.STRUCTURED),
        ("qwen2.5-coder-1.5b", Capability.STRUCTURED),
        ("gemma2:9b", Capability.STRUCTURED),
        ("phi3:mini", Capability.STRUCTURED),
        ("qwen2.5:0.5b", Capability.BASIC),
        ("SmolLM2-135M-Instruct.Q4_1", Capability.BASIC),
        ("mystery-70b", None),
        ("", None),
    ],
)
def test_a_known_family_is_known_by_its_name(name: str, level: Capability | None) -> None:
    assert level_of_family(name) is level


def test_an_unknown_model_is_trusted_with_short_json() -> None:
    found = standing("auto", ModelIdentity("mystery", "http://x"), None)
    assert (found.level, found.known_by) == (Capability.STRUCTURED, "assumed")


def test_an_exam_beats_the_name_and_the_setting_beats_the_exam() -> None:
    gpt = ModelIdentity("gpt-5", "http://x")
    record = ExamRecord(model="gpt-5", level=Capability.BASIC, features=Features(streaming=True))
    assert standing("auto", gpt, None).known_by == "family"
    measured = standing("auto", gpt, record)
    assert (measured.level, measured.known_by) == (Capability.BASIC, "measured")
    chosen = standing("capable", gpt, record)
    assert (chosen.level, chosen.known_by, chosen.features.streaming) == (Capability.CAPABLE, "setting", True)


def test_an_exam_that_gave_no_level_changes_nothing() -> None:
    found = standing("auto", ModelIdentity("gpt-5", "http://x"), ExamRecord(model="gpt-5", why="It was slow."))
    assert (found.level, found.known_by) == (Capability.CAPABLE, "family")


def test_what_the_files_of_the_catalogue_can_do_ships_with_senter() -> None:
    brain = find_weights(BRAIN)
    found = standing("auto", ModelIdentity(brain.name, "/cache/file", sha256=brain.sha256), None)
    assert (found.level, found.known_by) == (Capability.STRUCTURED, "shipped")
    assert found.features.json_schema
    assert all(find_weights(name).sha256 in shipped() for name in ("qwen2.5-coder-0.5b", BRAIN))
