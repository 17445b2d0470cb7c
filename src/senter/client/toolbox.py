"""What goals are carried out with: tools, and the user's own documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from senter.client.calls import Calls, quoted
from senter.client.goal_results import Folders, Tools, ToolTested

TEST_SECONDS = 300.0


class Toolbox:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def tools(self) -> Tools:
        return cast(Tools, self._calls.get("/api/tools"))

    def test_tool(self, name: str, arguments: Mapping[str, object]) -> ToolTested:
        """Call a tool once, under the default grant. Never sent twice."""
        path = f"/api/tools/{quoted(name)}/test"
        return cast(
            ToolTested,
            self._calls.change("POST", path, "the tool's effect", {"arguments": dict(arguments)}, TEST_SECONDS),
        )

    def folders(self) -> Folders:
        return cast(Folders, self._calls.get("/api/documents"))

    def add_folder(self, path: str) -> Folders:
        """Index a folder from now on; returns at once. `path` is absolute."""
        return cast(Folders, self._calls.repeat("POST", "/api/documents", {"path": path}, "the addition"))

    def remove_folder(self, path: str) -> None:
        """Forget a folder's index; the files stay."""
        self._calls.change("DELETE", f"/api/documents?path={quoted(path)}", "the removal")
