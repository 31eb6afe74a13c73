"""The JSON Schema of design files, by which editors complete keys and mark slips.

    python -m analysis.questions.sweep.schema

rewrites the file beside this one. A design names it in its first line, as `#:schema` and the way to it.
"""

from __future__ import annotations

from pathlib import Path

from analysis.questions.sweep.model import AMOUNT, Design, Varied
from sim.scenario.schema import DIALECT, Schema, as_text, schema_of

FILE = Path(__file__).with_name("design.schema.json")


_VALUES = {"type": "array", "items": AMOUNT, "minItems": 2}
_BELOW = {"anyOf": [{"$ref": "#/$defs/Varied"}, _VALUES, {"$ref": "#/$defs/Factors"}]}
_FACTORS: Schema = {"type": "object", "additionalProperties": _BELOW}
"""Factors, or tables of them: roles.packer.people is a table in a table."""


def design_schema() -> Schema:
    """The schema of a design file."""
    schema = schema_of(Design)
    schema["$defs"] |= {"Varied": schema_of(Varied), "Factors": _FACTORS}
    schema["$defs"]["Kind"] |= {"minProperties": 1, "maxProperties": 1}
    schema["properties"]["factors"] |= _FACTORS
    return {"$schema": DIALECT, "title": "Design of an experiment", **schema}


if __name__ == "__main__":
    FILE.write_text(as_text(design_schema()), encoding="utf-8")
