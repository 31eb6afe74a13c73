"""The base of every table in a scenario file, and the kinds of value that its keys take."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from sim.faults import nearest, shown
from sim.language import say
from sim.units import DURATION_PATTERN, parse_duration

LANGUAGE_PATTERN = "^[a-z]{2,3}(-[A-Za-z]{2,4})?$"
_LANGUAGE = re.compile(LANGUAGE_PATTERN)


class Table(BaseModel):
    """A table of the file. Keys that it does not define are refused, with the nearest one that it does."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _name_unknown_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, dict):
            return handler(data)
        known = {field.alias or name for name, field in cls.model_fields.items()}
        unknown = [key for key in data if key not in known]
        if not unknown:
            return handler(data)
        faults = [
            fault(say("unknown key {key}{nearest}", key=shown(key), nearest=nearest(key, known)), key, value=data[key])
            for key in unknown
        ]
        try:
            handler({key: value for key, value in data.items() if key in known})
        except ValidationError as others:
            faults += [_again(error) for error in others.errors()]
        raise ValidationError.from_exception_data(cls.__name__, faults)


def fault(message: str, *path: str | int, value: Any = None) -> InitErrorDetails:
    """One mistake below the table that is being checked, for `ValidationError.from_exception_data`."""
    kind = PydanticCustomError("scenario", "{message}", {"message": message})
    return InitErrorDetails(type=kind, loc=path, input=value)


def _again(error: Any) -> InitErrorDetails:
    """A fault that pydantic found, passed on: its own type where it can be rebuilt, else its sentence."""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        kind: Any = PydanticCustomError("scenario", "{message}", {"message": str(context["error"])})
    elif error["type"] == "scenario":
        kind = PydanticCustomError("scenario", "{message}", context)
    else:
        kind = error["type"]
    return InitErrorDetails(type=kind, loc=error["loc"], input=error["input"], ctx=context)


def _per_language(value: Any) -> Any:
    texts = {"en": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not texts or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError(
            f'expected text in quotes, or one per language such as {{ en = "Packer" }}; got {shown(value)}'
        )
    if not all(text.strip() for text in texts.values()):
        raise ValueError("the text is empty")
    for language in texts:
        if not _LANGUAGE.match(language):
            raise ValueError(f"{shown(language)} is not the code of a language, such as en or zh")
    return texts


Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["45 s", "1.7 min", "2 h"]}),
]
"""A span of time, written as text with its unit; milliseconds (0 … ten years) once read."""


LARGEST = 1e12
"""The largest amount (and, in ms, the longest mean) that is believed."""

Number = Annotated[float, Field(ge=0, le=LARGEST)]
"""A plain amount that is not a time: lines, units, money (0 … 10^12)."""

Chance = Annotated[float, Field(ge=0, le=1)]
"""A probability, 0 … 1."""

_BARRED = r"""./"\x00-\x1f\x7f-\x9f\u2028\u2029"""
NAME_PATTERN = rf"""^[^\s{_BARRED}]([^{_BARRED}]*[^\s{_BARRED}])?$"""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=80)]
"""A name that others refer to: no dots, slashes or quotes (they part the words of a path), up to 80 characters."""

PROMISE_PATTERN = NAME_PATTERN.replace("./", ".")

PromiseName = Annotated[str, StringConstraints(pattern=PROMISE_PATTERN, max_length=80)]
"""As `Name`, but slashes are allowed: planners say "80/20"."""

Title = Annotated[
    dict[str, str],
    BeforeValidator(_per_language),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "minProperties": 1,
                    "patternProperties": {LANGUAGE_PATTERN: {"type": "string", "minLength": 1}},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""Words for people to read: one text, or one per language (`{ en = "Packer", zh = "打包员" }`)."""


def in_language(title: dict[str, str], language: str = "en") -> str:
    """The title in a language, else in English, else in whichever it has."""
    return title.get(language) or title.get("en") or next(iter(title.values()))
