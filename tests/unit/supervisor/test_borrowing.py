"""Settings that one component takes from another's section."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.models.spec import RESEARCH
from senter.paths import Paths
from senter.supervisor.configuration import Configuration

PRIMARY = """
[models.primary]
url = "https://one.example/v1"
name = "gpt-5"
api_key = "primary-key"
capability = "capable"
"""


def given(tmp_path: Path, settings: str) -> dict[str, JsonValue]:
    paths = Paths(tmp_path)
    paths.settings.write_text(settings)
    paths.settings.chmod(0o600)
    found = Configuration.read(paths).given(RESEARCH)
    return {name: value for name, value in found.items() if name != "folder"}


def test_background_work_takes_the_link_of_peoples_where_it_has_none(tmp_path: Path) -> None:
    assert given(tmp_path, PRIMARY) == {
        "url": "https://one.example/v1",
        "name": "gpt-5",
        "api_key": "primary-key",
        "capability": "capable",
    }


@pytest.mark.parametrize("url", ["https://two.example/v1", ""])
def test_a_key_never_goes_to_another_address(tmp_path: Path, url: str) -> None:
    assert given(tmp_path, f'{PRIMARY}[models.research]\nurl = "{url}"') == {"url": url}


def test_another_model_of_the_same_link_is_asked_for_by_its_own_name_and_known_by_it(tmp_path: Path) -> None:
    found = given(tmp_path, f'{PRIMARY}[models.research]\nname = "gpt-5-mini"')
    assert found == {"url": "https://one.example/v1", "name": "gpt-5-mini", "api_key": "primary-key"}


def test_a_level_of_its_own_stays(tmp_path: Path) -> None:
    assert given(tmp_path, f'{PRIMARY}[models.research]\ncapability = "basic"')["capability"] == "basic"
