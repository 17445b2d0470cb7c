"""Tools, which of them is to be called, and the form of an answer, as callers of /v1 say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias, cast

from pydantic import BeforeValidator, Discriminator, Field, JsonValue, Tag

from senter.components.api.openai.fields import Flag, Given, Ignored, Name, Schema, Text, refused
from senter.messages.model import OfferedTool

MOST_TOOLS = 128
ANY_OBJECT: dict[str, JsonValue] = {"type": "object"}


def only_function(kind: object) -> object:
    if isinstance(kind, str) and kind != "function":
        raise refused(
            "unsupported_value", f"Tools of the type {kind[:40]!a} are not supported, only functions of yours."
        )
    return kind


FunctionType = Annotated[Literal["function"], BeforeValidator(only_function)]


class ToolFunction(Given):
    """What a tool is called and what it takes."""

    name: Name = Field(description="Its name.")
    description: Text = Field(default="", description="What it does, for the model.")
    parameters: Schema = Field(default_factory=dict[str, JsonValue], description="JSON schema of its arguments.")
    strict: Flag = Field(default=False, description="Arguments are held to the schema wherever the model's server can.")

    def to_tool(self) -> OfferedTool:
        return OfferedTool(name=self.name, description=self.description, parameters=self.parameters)


class ChatTool(Given):
    """A tool of the caller's."""

    type: FunctionType = Field(description="Only function.")
    function: ToolFunction = Field(description="The tool.")
    cache_control: Ignored = None


class FlatTool(ToolFunction):
    """A tool of the caller's."""

    type: FunctionType = Field(description="Only function.")


class FunctionName(Given):
    name: Text = Field(description="One of the tools.")


class ChatToolNamed(Given):
    """The one tool that must be called."""

    type: FunctionType = Field(description="Only function.")
    function: FunctionName = Field(description="Which.")

    @property
    def named(self) -> str:
        return self.function.name


class FlatToolNamed(FunctionName):
    """The one tool that must be called."""

    type: FunctionType = Field(description="Only function.")

    @property
    def named(self) -> str:
        return self.name


def _choice_kind(given: object) -> str | None:
    if isinstance(given, str):
        return "<word>"
    return "<tool>" if isinstance(given, dict | Given) else None


CHOICE = Discriminator(
    _choice_kind,
    custom_error_type="invalid_value",
    custom_error_message="must be auto, none, required, or name a function",
)
ChoiceWord = Annotated[Literal["auto", "none", "required"], Tag("<word>")]
ChatToolChoice: TypeAlias = Annotated[ChoiceWord | Annotated[ChatToolNamed, Tag("<tool>")], CHOICE]
FlatToolChoice: TypeAlias = Annotated[ChoiceWord | Annotated[FlatToolNamed, Tag("<tool>")], CHOICE]


def chosen(choice: str | ChatToolNamed | FlatToolNamed, tools: Sequence[ToolFunction]) -> str:
    """The choice as messages say it. Raises what a validator may."""
    names = {tool.name for tool in tools}
    if len(names) < len(tools):
        raise refused("invalid_value", "Two tools have the same name. Give each its own.", "tools")
    if isinstance(choice, str):
        if choice == "required" and not tools:
            raise refused("invalid_value", "tool_choice demands a call. Give tools as well.", "tool_choice")
        return choice
    if choice.named not in names:
        raise refused("invalid_value", "tool_choice names a function that is not among the tools.", "tool_choice")
    return f"tool:{choice.named}"


class NamedSchema(Given):
    """A JSON schema and its name."""

    name: Text = Field(default="answer", description="Its name.")
    schema_: Schema = Field(default=ANY_OBJECT, alias="schema", description="The JSON schema the answer is held to.")
    strict: Flag = Field(default=False, description="The answer is held to the schema either way.")
    description: Ignored = None


class PlainFormat(Given):
    type: Literal["text", "json_object"] = Field(description="text, or json_object: any JSON object.")

    @property
    def held_to(self) -> dict[str, JsonValue] | None:
        """The JSON schema of the answer; null where it may be any text."""
        return ANY_OBJECT if self.type == "json_object" else None


class SchemaFormat(Given):
    type: Literal["json_schema"] = Field(description="json_schema.")
    json_schema: NamedSchema = Field(description="The schema.")

    @property
    def held_to(self) -> dict[str, JsonValue]:
        return self.json_schema.schema_


class FlatSchemaFormat(NamedSchema):
    type: Literal["json_schema"] = Field(description="json_schema.")

    @property
    def held_to(self) -> dict[str, JsonValue]:
        return self.schema_


def _format_kind(given: object) -> str:
    kind = cast("dict[str, object]", given).get("type") if isinstance(given, dict) else getattr(given, "type", None)
    return "<schema>" if kind == "json_schema" else "<plain>"


PlainTag = Annotated[PlainFormat, Tag("<plain>")]
ChatFormat: TypeAlias = Annotated[PlainTag | Annotated[SchemaFormat, Tag("<schema>")], Discriminator(_format_kind)]
FlatFormat: TypeAlias = Annotated[PlainTag | Annotated[FlatSchemaFormat, Tag("<schema>")], Discriminator(_format_kind)]
