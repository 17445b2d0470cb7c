"""What the settings of the model workers accept, and what they give away."""

from __future__ import annotations

import pytest
from pydantic import JsonValue, ValidationError

from senter.components.models.settings import ModelSettings, PrimarySettings, ResearchSettings, is_local
from senter.components.models.spec import PRIMARY, RESEARCH
from senter.settings.secret import handed_over

KEY = "sk-very-secret"


@pytest.mark.parametrize("kind", [PrimarySettings, ResearchSettings])
def test_the_defaults_hold_prompt_and_answer_together(kind: type[ModelSettings]) -> None:
    settings = kind()
    assert settings.prompt_tokens + settings.max_tokens <= settings.context_tokens


def test_the_defaults_are_those_of_the_documents() -> None:
    assert (PrimarySettings().max_tokens, ResearchSettings().max_tokens) == (500, 2_000)
    assert PrimarySettings().temperature == ResearchSettings().temperature == 0.2
    assert PrimarySettings().person_waits
    assert not ResearchSettings().person_waits


def test_settings_survive_the_way_to_the_worker_with_the_key() -> None:
    sent = PrimarySettings.model_validate({"url": "http://host:1/v1/", "api_key": KEY, "slots": 3})
    assert PrimarySettings.model_validate(handed_over(sent)) == sent
    assert sent.api_key.get_secret_value() == KEY


def test_the_key_is_masked_wherever_settings_are_shown() -> None:
    settings = PrimarySettings.model_validate({"api_key": KEY})
    assert KEY not in repr(settings) + str(settings) + str(settings.model_dump()) + settings.model_dump_json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "localhost:11434"},
        {"url": "ftp://host"},
        {"url": "http://"},
        {"url": "http://user:secret@host"},
        {"url": "http://host:notaport"},
        {"url": "http://host/?key=1"},
        {"url": "http://ho st"},
        {"url": "unix:relative.sock"},
        {"api_key": "with space"},
        {"api_key": "line\nbreak"},
        {"api_key": "schlüssel"},
        {"ollama_url": "http://192.168.1.5:11434"},
        {"ollama_url": "http://ollama.example:11434"},
        {"prompt_tokens": 2_100},
        {"max_tokens": 5_000},
        {"slots": 0},
        {"temperature": 3},
        {"capability": "clever"},
        {"no_such_setting": 1},
    ],
)
def test_what_cannot_work_is_refused(wrong: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        PrimarySettings.model_validate(wrong)


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.0.0.1:11434/", "http://[::1]:11434"])
def test_ollama_may_be_anywhere_on_this_machine(url: str) -> None:
    assert PrimarySettings(ollama_url=url).ollama_url == url.rstrip("/")


def test_one_process_for_people_and_as_many_for_research_as_the_settings_say() -> None:
    assert PRIMARY.process_names(PrimarySettings()) == ("model_primary",)
    assert RESEARCH.process_names(ResearchSettings(count=3)) == (
        "model_research",
        "model_research_2",
        "model_research_3",
    )
    assert RESEARCH.nice == 10
    assert (PRIMARY.settings_section, RESEARCH.settings_section) == ("models.primary", "models.research")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost:1/v1", True),
        ("unix:///run/model.sock", True),
        ("http://192.168.1.5:11434", True),
        ("http://[fd00::1]:80", True),
        ("http://nas:8080", True),
        ("http://box.local", True),
        ("https://api.example.org/v1", False),
        ("http://8.8.8.8", False),
    ],
)
def test_an_endpoint_in_the_own_network_is_known(url: str, local: bool) -> None:
    assert is_local(url) is local
