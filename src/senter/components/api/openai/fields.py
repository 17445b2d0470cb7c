"""What the bodies of /v1 are made of: exact types, and objects that refuse by name what they do not understand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, Strict, model_validator
from pydantic_core import PydanticCustomError

from senter.messages.fields import check_unicode

MOST_TOKENS = 1_000_000
DEEPEST_SCHEMA = 60

Code: TypeAlias = Literal["missing_required_parameter", "invalid_value", "unsupported_parameter", "unsupported_value"]
Refusals: TypeAlias = Mapping[str, str]
IdleValues: TypeAlias = Mapping[str, JsonValue]


def refused(code: Code, sentence: str, parameter: str = "") -> PydanticCustomError:
    """For a validator to raise. `parameter` names the one below the object, where the rule is the whole object's."""
    return PydanticCustomError(code, "{sentence}", {"sentence": sentence, "parameter": parameter})


def _exact_json(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """What can be written down and sent on."""
    if _too_deep(value):
        raise refused("invalid_value", "This is nested too deeply.")
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise refused("invalid_value", "This holds half a character, or a number that JSON does not have.") from None
    return value


def _too_deep(value: JsonValue) -> bool:
    level = [value]
    for _ in range(DEEPEST_SCHEMA):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


Text = Annotated[str, AfterValidator(check_unicode)]
Flag = Annotated[bool, Strict()]
TokenCount = Annotated[int, Strict(), Field(ge=1, le=MOST_TOKENS)]
Seed = Annotated[int, Strict(), Field(ge=-(2**63), le=2**63 - 1)]
Temperature = Annotated[float, Strict(), Field(ge=0, le=2, allow_inf_nan=False)]
Share = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]
Penalty = Annotated[float, Strict(), Field(ge=-2, le=2, allow_inf_nan=False)]
Schema = Annotated[dict[str, JsonValue], AfterValidator(_exact_json)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
IGNORED = "Changes nothing here."
Ignored = Annotated[object, Field(description=IGNORED)]
"""Of a parameter that changes no answer."""


class Given(BaseModel):
    """A JSON object of a caller's. Null is the same as nothing; a key it does not know is refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refuses: ClassVar[Refusals] = {}
    """Keys that are known and cannot be heeded, each with what to do about it."""
    idle: ClassVar[IdleValues] = {}
    """The value with which such a key asks for nothing but what happens anyway."""

    @model_validator(mode="before")
    @classmethod
    def heed(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        said = {key: value for key, value in cast("dict[str, object]", given).items() if cls._says(key, value)}
        for key in said:
            if key in cls.refuses:
                raise refused("unsupported_parameter", f"{key} is not supported. {cls.refuses[key]}", key)
        return said

    @classmethod
    def _says(cls, key: str, value: object) -> bool:
        idle = cls.idle.get(key)
        return value is not None and not (type(value) is type(idle) and value == idle)
