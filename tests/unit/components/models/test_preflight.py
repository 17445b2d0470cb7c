from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from senter.component.spec import ComponentSpec, Finding
from senter.components.models.preflight import look
from senter.components.models.settings import PrimarySettings, ResearchSettings
from senter.components.models.spec import PRIMARY, RESEARCH
from tests.scripted_model import scripted_model
from tests.support.gguf import gguf_file

NOBODY = "http://127.0.0.1:9"


@pytest.mark.parametrize("spec", [PRIMARY, RESEARCH], ids=lambda spec: spec.name)
def test_both_workers_have_it_looked_for_their_model_before_the_start(spec: ComponentSpec) -> None:
    module, _, function = spec.preflight.partition(":")
    assert getattr(importlib.import_module(module), function) is look


async def test_an_endpoint_that_listens_is_named() -> None:
    async with scripted_model() as model:
        (found,) = await look(PrimarySettings(url=model.url))
    assert found == Finding(well=True, text=f"model_primary: {model.url} answers")


async def test_an_endpoint_that_does_not_is_a_warning_that_names_who_answers_instead(tmp_path: Path) -> None:
    file = gguf_file(tmp_path / "small.gguf")
    (found,) = await look(ResearchSettings(url=NOBODY, embedded_model=str(file)))
    assert not found.well
    assert found.text == f"model_research: nothing answers at {NOBODY}"
    assert found.hint == "Until then: the embedded model small"


async def test_a_file_that_is_not_there_is_a_warning_that_names_what_answers_instead(tmp_path: Path) -> None:
    (found,) = await look(PrimarySettings(ollama_url=NOBODY, embedded_model=str(tmp_path / "gone.gguf")))
    assert not found.well
    assert found.text.startswith("model_primary: the embedded model SmolLM2")
    assert "gone.gguf cannot be loaded" in found.hint


async def test_that_no_model_is_left_is_a_warning_that_says_what_to_do() -> None:
    (found,) = await look(PrimarySettings(ollama_url=NOBODY, embedded=False))
    assert not found.well
    assert "Ollama" in found.hint
