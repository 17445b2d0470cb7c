"""The components of Senter, in one list; third parties add theirs by the entry-point group `senter.components`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from senter.component.spec import ComponentSpec
from senter.components.api import spec as api
from senter.components.assistant import spec as assistant
from senter.components.documents import spec as documents
from senter.components.models import spec as models
from senter.components.task_engine import spec as task_engine
from senter.errors import ComponentError

SPECS: tuple[ComponentSpec, ...] = (
    api.SPEC,
    assistant.SPEC,
    documents.SPEC,
    models.PRIMARY,
    models.RESEARCH,
    task_engine.SPEC,
)

ENTRY_POINT_GROUP = "senter.components"


@cache
def all_specs() -> tuple[ComponentSpec, ...]:
    """Senter's own components and those of third parties. Raises `ComponentError` for one that cannot be used."""
    foreign = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name)
    found = [*SPECS, *(_third_party(entry.name, entry.load()) for entry in foreign)]
    names = [spec.name for spec in found]
    for name in names:
        if names.count(name) > 1:
            raise ComponentError(name, "two components have this name.", "Uninstall one of them.")
    return tuple(found)


def find_spec(name: str) -> ComponentSpec:
    """The SPEC of that name. Raises `ComponentError` where there is none."""
    for spec in all_specs():
        if spec.name == name:
            return spec
    raise ComponentError(name, "there is no such component.")


def _third_party(name: str, loaded: object) -> ComponentSpec:
    if not isinstance(loaded, ComponentSpec):
        raise ComponentError(name, f"its entry point in {ENTRY_POINT_GROUP} is not a ComponentSpec.")
    return loaded
