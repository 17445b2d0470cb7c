from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from senter.component.spec import ComponentSpec, Finding
from senter.components.models.exam.results import ExamRecord, ExamResults
from senter.components.models.preflight import look
from senter.components.models.settings import PrimarySettings, ResearchSettings
from senter.components.models.spec import PRIMARY, RESEARCH
from senter.messages.model import Capability
from senter.paths import Paths
from tests.scripted_model import scripted_model
from tests.support.gguf import gguf_file

NOBODY = "http://127.0.0.1:9"


@pytest.mark.parametrize("spec", [PRIMARY, RESEARCH], ids=lambda spec: spec.name)
def test_both_workers_have_it_looked_for_their_model_before_the_start(spec: ComponentSpec) -> None:
    module, _, function = spec.preflight.partition(":")
    assert getattr(importlib.import_module(module), function) is look


async def test_an_endpoint_that_listens_is_named(tmp_path: Path) -> None:
    async with scripted_model() as model:
        (found,) = await look(PrimarySettings(url=model.url), Paths(tmp_path))
    assert found == Finding(well=True, text=f"model_primary: {model.url} answers")


async def test_an_endpoint_that_does_not_is_a_warning_that_names_who_answers_instead(tmp_path: Path) -> None:
    file = gguf_file(tmp_path / "small.gguf")
    found, *_ = await look(ResearchSettings(url=NOBODY, embedded_model=str(file)), Paths(tmp_path))
    assert not found.well
    assert found.text == f"model_research: nothing answers at {NOBODY}"
    assert found.hint == "Until then: the embedded model small"


async def test_a_file_that_is_not_there_is_a_warning_that_names_what_answers_instead(tmp_path: Path) -> None:
    settings = PrimarySettings(ollama_url=NOBODY, embedded_model=str(tmp_path / "gone.gguf"))
    (found,) = await look(settings, Paths(tmp_path))
    assert not found.well
    assert found.text.startswith("model_primary: the embedded model SmolLM2")
    assert "gone.gguf cannot be loaded" in found.hint


async def test_that_no_model_is_left_is_a_warning_that_says_what_to_do(tmp_path: Path) -> None:
    (found,) = await look(PrimarySettings(ollama_url=NOBODY, embedded=False), Paths(tmp_path))
    assert not found.well
    assert "Ollama" in found.hint


@pytest.mark.parametrize(
    ("chosen", "by"),
    [
        ({"url": NOBODY, "name": "gpt-5"}, "by gpt-5"),
        ({"url": NOBODY, "name": "llama3.2"}, "by rules"),
        ({"url": NOBODY, "name": "llama3.2", "capability": "capable"}, "by llama3.2"),
        ({"ollama_url": NOBODY}, "by rules"),
        ({"ollama_url": NOBODY, "embedded": False}, "by rules"),
    ],
)
async def test_it_is_said_by_what_goals_will_be_planned(tmp_path: Path, chosen: dict[str, object], by: str) -> None:
    found = await look(ResearchSettings.model_validate(chosen), Paths(tmp_path))
    assert by in found[1].text


async def test_a_model_that_only_its_server_knows_is_not_guessed(tmp_path: Path) -> None:
    found = await look(ResearchSettings(url=NOBODY), Paths(tmp_path))
    assert f"planned by what {NOBODY} has" in found[1].text


async def test_an_exam_decides_by_what_goals_will_be_planned(tmp_path: Path) -> None:
    results = ExamResults(Paths(tmp_path).exams)
    results.keep(ExamRecord(model="gpt-5", address=NOBODY, told="as it was", level=Capability.BASIC))
    found = await look(ResearchSettings(url=NOBODY, name="gpt-5"), Paths(tmp_path))
    assert "by rules" in found[1].text
