"""What a sentence may change in the settings file, and what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.errors import Forbidden, InvalidInput
from senter.messages.control import ChangeSetting, GetSettings
from senter.paths import Paths
from senter.supervisor.setting_changes import change_setting, view_settings


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path)


def test_a_change_tells_what_was_and_what_is(paths: Paths) -> None:
    changed = change_setting(paths, ChangeSetting(key="user.interests", value="bread,cats"))
    assert (changed.before.value, changed.before.is_set) == ([], False)
    assert (changed.after.value, changed.after.is_set) == (["bread", "cats"], True)


def test_back_is_what_the_file_said_before(paths: Paths) -> None:
    for length in ("short", "20"):
        change_setting(paths, ChangeSetting(key="reporter.digest_length", value=length))
    assert change_setting(paths, ChangeSetting(key="reporter.digest_length", back=True)).after.value == "short"


@pytest.mark.parametrize("key", ["models.primary.url", "reporter.targets", "api.host", "task_engine.caldav_password"])
def test_nothing_else_is_changed(paths: Paths, key: str) -> None:
    with pytest.raises(Forbidden):
        change_setting(paths, ChangeSetting(key=key, value="x"))
    assert not paths.settings.exists()


def test_a_value_that_cannot_be_is_refused_with_its_reason(paths: Paths) -> None:
    with pytest.raises(InvalidInput, match=r"user\.timezone: there is no time zone 'Atlantis'"):
        change_setting(paths, ChangeSetting(key="user.timezone", value="Atlantis"))
    assert not paths.settings.exists()


def test_settings_are_shown_with_their_meaning_and_secrets_masked(paths: Paths) -> None:
    paths.settings.write_text('[models.primary]\napi_key = "sk-1234567890"\n', encoding="utf-8")
    name, key = view_settings(paths, GetSettings(keys=("user.name", "models.primary.api_key"))).settings
    assert name.meaning == "What Senter calls its user, such as Anna."
    assert "1234567890" not in str(key.value)
