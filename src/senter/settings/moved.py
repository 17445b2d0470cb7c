"""Settings that have another key than they had: what stands under the old one still counts, and is told.

Which keys those are is handed in as data, old key to new key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from senter.settings.document import Key, SettingsDocument, TomlTable, value_at, with_value
from senter.settings.environment import Override


class Moved:
    """Reads one file and one environment as if everything stood under its new key."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = {_key(old): _key(new) for old, new in keys.items()}
        self._written: dict[Key, Key] = {}
        self.notices: list[str] = []
        """A sentence for each setting that was found under an old key: where it is, and what to do."""

    def written_as(self, key: Key) -> Key:
        """The key under which the setting stands in the file."""
        return self._written.get(key, key)

    def in_document(self, document: SettingsDocument) -> TomlTable:
        """The values of a file by their new keys. What stands under the new key goes before what is under an old."""
        values = dict(document.values)
        for old, new in self._keys.items():
            value = value_at(values, old)
            if value is None:
                continue
            values = with_value(values, old, None)
            place = document.place_of(old)
            if value_at(values, new) is None:
                values = with_value(values, new, value)
                self._written[new] = old
                self.notices.append(f"{place}: {_dotted(old)} is now {_dotted(new)}: write it there.")
            else:
                self.notices.append(f"{place}: {_dotted(old)} is not used: {_dotted(new)} is. Take the line out.")
        return values

    def in_environment(self, found: Iterable[Override]) -> Iterator[Override]:
        """The same for variables: those with a new key come last, and so win."""
        named = list(found)
        for override in named:
            if new := self._keys.get(override.key):
                self.notices.append(f"{override.variable}: {_dotted(override.key)} is now {_dotted(new)}.")
                yield replace(override, key=new)
        yield from (override for override in named if override.key not in self._keys)


def _key(text: str) -> Key:
    return tuple(text.split("."))


def _dotted(key: Key) -> str:
    return ".".join(key)
