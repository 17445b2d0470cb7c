"""What an MCP tool returned, as text: every part of it in its order. Runs in the child."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, cast

from senter.component.frames import Frame

if TYPE_CHECKING:
    from mcp_types import BlobResourceContents, CallToolResult, ContentBlock, EmbeddedResource, ResourceLink
    from pydantic import JsonValue

TEXT_KINDS = ("text/", "application/json", "application/xml", "application/yaml")


def result_frame(result: CallToolResult) -> Frame:
    """The text; the structured content beside it, and in its place where there is no text."""
    head: dict[str, JsonValue] = {"failed": bool(result.is_error)}
    structured = cast("JsonValue", result.structured_content)
    if isinstance(structured, dict):
        head["data"] = structured
    text = "\n".join(filter(None, map(block_text, result.content)))
    if not text.strip() and structured is not None:
        text = json.dumps(structured, ensure_ascii=False)
    return Frame(head, text.encode(errors="replace"))


def block_text(block: ContentBlock) -> str:
    """One part of a result; of what is no text its kind and size."""
    match block.type:
        case "text":
            return block.text
        case "image" | "audio":
            return f"[{block.type} {block.mime_type}, {_size(block.data)}]"
        case "resource_link":
            return _link(block)
        case "resource":
            return _resource(block)


def _link(link: ResourceLink) -> str:
    name = link.title or link.name
    address = str(link.uri)
    about = f" ({link.description})" if link.description else ""
    return f"{address}{about}" if name == address else f"{name}: {address}{about}"


def _resource(embedded: EmbeddedResource) -> str:
    """Its text below its address; so, too, where the text came as bytes."""
    resource = embedded.resource
    text = getattr(resource, "text", None)
    if isinstance(text, str):
        return f"{resource.uri}:\n{text}"
    blob = cast("BlobResourceContents", resource)
    kind = blob.mime_type or "application/octet-stream"
    if kind.startswith(TEXT_KINDS) and (decoded := _decoded(blob.blob)) is not None:
        return f"{resource.uri}:\n{decoded}"
    return f"[{kind}, {_size(blob.blob)}: {resource.uri}]"


def _decoded(blob: str) -> str | None:
    try:
        return base64.b64decode(blob, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _size(encoded: str) -> str:
    size = len(encoded.rstrip("=")) * 3 // 4
    return f"{size:,} bytes" if size < 10_000 else f"{size / 1_000:,.0f} kB"
