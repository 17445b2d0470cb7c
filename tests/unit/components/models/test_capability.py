"""Judging a model by its size."""

from __future__ import annotations

import pytest

from senter.components.models.capability import capability
from senter.components.models.wire import Details, ListedModel
from senter.messages.model import Capability


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("llama3.2", Capability.BASIC),
        ("llama3.2:3b", Capability.BASIC),
        ("SmolLM2-135M-Instruct.Q4_1", Capability.BASIC),
        ("qwen2.5:0.5b", Capability.BASIC),
        ("llama3.1:8b", Capability.CAPABLE),
        ("Meta-Llama-3-70B-Instruct", Capability.CAPABLE),
        ("mixtral:8x7b", Capability.CAPABLE),
        ("gpt-oss-20b", Capability.CAPABLE),
        ("mystery", Capability.BASIC),
        ("", Capability.BASIC),
    ],
)
def test_a_name_that_tells_a_size_is_judged_by_it(name: str, found: Capability) -> None:
    assert capability(ListedModel(id=name), "auto") is found


def test_what_the_server_tells_beats_the_name() -> None:
    assert capability(ListedModel(id="tiny-1b", meta=Details(n_params=8e9)), "auto") is Capability.CAPABLE
    assert capability(ListedModel(id="mystery", meta=Details(n_params=134_515_008)), "auto") is Capability.BASIC


def test_the_setting_beats_everything() -> None:
    assert capability(ListedModel(id="llama3.1:70b"), "basic") is Capability.BASIC
    assert capability(ListedModel(id="mystery"), "capable") is Capability.CAPABLE
