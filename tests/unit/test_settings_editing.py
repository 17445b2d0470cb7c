"""One setting is changed in the file, and nothing else."""

from __future__ import annotations

import stat
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.errors import SettingsError
from senter.settings.editing import previous, read_value, write_value

NEW = '[models.primary]\nembedded_model = "new"\n'
KEY = "models.primary.embedded_model"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", NEW),
        ("# mine\n[api]\nport = 1 # one\n", f"# mine\n[api]\nport = 1 # one\n\n{NEW}"),
        (
            '[models.primary]\n# Which.\nname = "a"\n\n[log]\n',
            '[models.primary]\nembedded_model = "new"\n# Which.\nname = "a"\n\n[log]\n',
        ),
        ('[models.primary]\nembedded_model="old"\n[log]\n', '[models.primary]\nembedded_model = "new"\n[log]\n'),
        (
            '[models.primary]\nembedded_model = """\nold\n"""\nname = "a"\n',
            '[models.primary]\nembedded_model = "new"\nname = "a"\n',
        ),
        ('[models]\nprimary.embedded_model = "old"\n', '[models]\nprimary.embedded_model = "new"\n'),
        ('models.primary.embedded_model = "old"\n', 'models.primary.embedded_model = "new"\n'),
        (
            '[models]\nprimary.name = "a" # Mine.\n[log]\n',
            '[models]\nprimary.name = "a" # Mine.\nprimary.embedded_model = "new"\n[log]\n',
        ),
        ("models.primary.embedded_model = { a = 1 }\n", 'models.primary.embedded_model = "new"\n'),
        (
            '[models]\nprimary = { embedded_model = "old", name = "a" } # Mine.\n[log]\n',
            '[models]\nprimary = { "embedded_model" = "new", "name" = "a" } # Mine.\n[log]\n',
        ),
        ("[models]\nprimary = {}\n", '[models]\nprimary = { "embedded_model" = "new" }\n'),
        ('models.primary.embedded_model = "#" # "Mine".\n', 'models.primary.embedded_model = "new" # "Mine".\n'),
        ('[models.research]\nembedded_model = "a"', f'[models.research]\nembedded_model = "a"\n\n{NEW}'),
    ],
)
def test_a_setting_is_written_where_it_belongs_and_all_other_lines_stay(file: Path, before: str, after: str) -> None:
    file.write_text(before)
    write_value(file, KEY, "new")
    assert file.read_text() == after
    assert previous(file).read_text() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[models.primary]\nembedded_model = "old"\nname = "a"\n', '[models.primary]\nname = "a"\n'),
        ('models.primary.embedded_model = "old"\n[log]\n', "[log]\n"),
        ("[log]\n", "[log]\n"),
        (
            '[models]\nprimary = { embedded_model = "old", name = "a" }\n',
            '[models]\nprimary = { "name" = "a" }\n',
        ),
    ],
)
def test_a_setting_is_taken_out(file: Path, before: str, after: str) -> None:
    file.write_text(before)
    write_value(file, KEY, None)
    assert file.read_text() == after


def test_what_only_a_person_can_change_is_left_alone_and_said_with_its_line(file: Path) -> None:
    text = "models = 5\n"
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        write_value(file, KEY, "new")
    assert str(file) in refused.value.message
    assert (file.read_text(), previous(file).exists()) == (text, False)


def test_a_file_that_is_no_toml_is_left_alone(file: Path) -> None:
    file.write_text("[models\n")
    with pytest.raises(SettingsError, match=r"settings\.toml:1"):
        write_value(file, KEY, "new")
    assert file.read_text() == "[models\n"


def test_a_missing_file_is_made_for_its_owner_alone_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "settings.toml", tmp_path / "settings.toml"
    link.symlink_to(real)
    write_value(link, KEY, "new")
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert not previous(real).exists()


def test_what_the_file_says_is_read(file: Path) -> None:
    assert read_value(file, KEY) is None
    file.write_text('models.primary = { embedded_model = "a" }\n')
    assert read_value(file, KEY) == "a"
    assert read_value(file, "models.primary.embedded_model.deeper") is None


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text('[models.primary]\nname = "a"\n')
    write_value(file, KEY, text)
    assert read_value(file, KEY) == text
    assert tomllib.loads(file.read_text())["models"]["primary"]["name"] == "a"


def test_of_changes_at_once_none_is_lost(file: Path) -> None:
    names = [f"front.extra{number}" for number in range(12)]

    def write(name: str) -> None:
        write_value(file, name, 1)

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(write, names))
    assert [read_value(file, name) for name in names] == [1] * len(names)
