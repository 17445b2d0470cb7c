"""Settings from plain text, secrets included."""

from __future__ import annotations

from senter.components.task_engine.settings import McpServer, TaskEngineSettings


def mcp_server(**told: object) -> McpServer:
    return McpServer.model_validate(told)


def task_engine_settings(**told: object) -> TaskEngineSettings:
    return TaskEngineSettings.model_validate(told)
