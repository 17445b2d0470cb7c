"""The reference pages are what the code says: `bin/docs` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.specs import SPECS
from senter.reference import PAGES
from senter.reference.messages import all_messages
from senter.reference.sources import PACKAGE, SOURCES
from senter.supervisor.configuration import sections

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_reference_page_is_fresh(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name](), "Run bin/docs."


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_module_made_from_other_code_is_fresh(name: str) -> None:
    assert (PACKAGE / name).read_text(encoding="utf-8") == SOURCES[name](), "Run bin/docs."


def test_there_is_no_page_that_nothing_writes() -> None:
    pages = {f"docs/reference/{page.name}" for page in (ROOT / "docs" / "reference").iterdir()}
    assert pages == set(PAGES)


def test_every_setting_has_a_meaning() -> None:
    for section, kind in sections(SPECS).items():
        assert kind.__doc__, section
        for name, field in kind.model_fields.items():
            assert field.description, f"{section}.{name}"


def test_every_message_and_field_has_a_meaning() -> None:
    assert len(all_messages()) > 20
    for message in all_messages():
        for name, field in message.model_fields.items():
            assert field.description, f"{message.__name__}.{name}"


def test_wire_names_are_unique() -> None:
    names = [message.wire_name for message in all_messages()]
    assert sorted(names) == sorted(set(names))
