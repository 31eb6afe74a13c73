"""JSON Schemas of scenario files, by which editors complete keys, show what they mean and mark slips.

    python -m sim.scenario.schema

rewrites the two files beside this one: `schema.json` for a whole scenario, `variant.schema.json` for a file with
`based_on`. A scenario names its schema in its first line: `#:schema ../sim/scenario/schema.json`.
"""

from __future__ import annotations

import inspect
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from sim.scenario import distributions
from sim.scenario.fields import NAME_PATTERN, Table
from sim.scenario.model import Scenario
from sim.scenario.steps import VERBS

Schema = dict[str, Any]

FULL = Path(__file__).with_name("schema.json")
VARIANT = Path(__file__).with_name("variant.schema.json")

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ONE_KEY = ("DistributionOfTimes", "DistributionOfAmounts", "Condition")
_BASED_ON = {"type": "string", "minLength": 1, "description": "The file that this one changes, beside this one."}
_CHANGES = {
    "places": "PlaceChange",
    "roles": "RoleChange",
    "arrivals": "ArrivalsChange",
    "already_there": "AlreadyThereChange",
    "promises": "PromiseChange",
    "contribution": "ContributionChange",
}
"""Tables of names, and how a variant changes what they name."""
_REMOVE = {"const": True, "description": "Takes it away."}
_AWAY = {"type": "object", "properties": {"remove": _REMOVE}, "required": ["remove"], "additionalProperties": False}
_BESIDE = {"type": "string", "description": "Puts a new step in: right {where} this one, in its department."}


def main() -> None:
    """Rewrite both files."""
    for path, schema in ((FULL, full_schema()), (VARIANT, variant_schema())):
        path.write_text(as_text(schema), encoding="utf-8")


def as_text(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def full_schema() -> Schema:
    """The schema of a whole scenario."""
    schema = schema_of(Scenario)
    for name, definition in schema["$defs"].items():
        family = name.removesuffix("OfTimes").removesuffix("OfAmounts")
        if family != name:
            definition["description"] = inspect.getdoc(getattr(distributions, family))
    for name in _ONE_KEY:
        schema["$defs"][name] |= {"minProperties": 1, "maxProperties": 1}
    for verb, model in VERBS.items():
        meaning = (model.__doc__ or "").split("\n")[0]
        schema["$defs"][model.__name__]["properties"]["do"]["description"] = f"{verb}: {meaning}"
    return {"$schema": DIALECT, "title": "Scenario of a shop", **schema}


def schema_of(model: type[Table]) -> Schema:
    """The schema of a kind of file as editors want it."""
    schema: Schema = _tidy(_renamed(model.model_json_schema(by_alias=True, schema_generator=_Untitled)))
    return schema


class _Untitled(GenerateJsonSchema):
    """Without titles that only repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _renamed(schema: Schema) -> Schema:
    """With every definition called like its class, which is its title."""
    names = {key: definition["title"] for key, definition in schema.get("$defs", {}).items()}
    text = json.dumps(schema)
    for key, name in names.items():
        text = text.replace(f'"#/$defs/{key}"', f'"#/$defs/{name}"')
    renamed: Schema = json.loads(text)
    definitions = {names[key]: definition for key, definition in renamed.get("$defs", {}).items()}
    return {**renamed, "$defs": definitions} if names else renamed


def _tidy(node: Any) -> Any:
    """Without what TOML cannot say (null), and with tables of names closed to other names."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _tidy(item) for key, item in node.items()}
    choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del node["anyOf"]
        node = {**choices[0], **node}
    elif choices:
        node["anyOf"] = choices
    if "default" in node and (node["default"] is None or (node["default"] == 0.0 and node.get("type") == "string")):
        del node["default"]
    if isinstance(node.get("title"), str):
        del node["title"]
    if "patternProperties" in node:
        node["additionalProperties"] = False
    return node


# --- variants ---------------------------------------------------------------------------------------------------


def variant_schema() -> Schema:
    """The schema of a file with `based_on`: nothing else is required, and lists may be changed by name."""
    schema = deepcopy(full_schema())
    schema["title"] = "Variant of a scenario"
    schema["properties"] = {"based_on": _BASED_ON, **schema["properties"]}
    schema["required"] = ["based_on"]
    definitions, properties = schema["$defs"], schema["properties"]
    for name, definition in definitions.items():
        if name.endswith(("OfTimes", "OfAmounts")):
            definition.pop("required", None)
    definitions["TeamChange"] = _change(definitions["Team"])
    definitions["PlaceChange"] = _change(definitions["Place"])
    definitions["EventChange"] = _change(definitions["Event"])
    definitions["AlreadyThereChange"] = _change(definitions["AlreadyThere"])
    definitions["PromiseChange"] = _change(definitions["Promise"])
    definitions["ContributionChange"] = _change(definitions["Contribution"])
    definitions["RoleChange"] = _by_name(_change(definitions["Role"]), "teams", "TeamChange")
    definitions["ArrivalsChange"] = _by_name(_change(definitions["Arrivals"]), "events", "EventChange")
    definitions["StepChange"] = _step_change(definitions)
    for table in ("hours", "arrivals", "route"):
        del properties[table]["minProperties"]
    for table, change in _CHANGES.items():
        properties[table]["patternProperties"] = {NAME_PATTERN: {"$ref": f"#/$defs/{change}"}}
    (hours,) = properties["hours"]["patternProperties"].values()
    hours["properties"]["remove"] = _REMOVE
    (blocks,) = properties["route"]["patternProperties"].values()
    properties["route"]["patternProperties"] = {NAME_PATTERN: {"anyOf": [blocks, _AWAY, _table_of("StepChange")]}}
    return schema


def _change(definition: Schema) -> Schema:
    """A table of which only the changes are said, or which is taken away."""
    changed = {key: value for key, value in definition.items() if key != "required"}
    return {**changed, "properties": {**definition["properties"], "remove": _REMOVE}}


def _by_name(definition: Schema, key: str, change: str) -> Schema:
    """The table with one of its lists open to changes by name."""
    listed = definition["properties"][key]
    described = {"description": listed["description"], "anyOf": [{"type": "array", "items": listed["items"]}]}
    described["anyOf"].append(_table_of(change))
    return {**definition, "properties": {**definition["properties"], key: described}}


def _table_of(definition: str) -> Schema:
    changes = {NAME_PATTERN: {"$ref": f"#/$defs/{definition}"}}
    return {"type": "object", "patternProperties": changes, "additionalProperties": False}


def _step_change(definitions: Schema) -> Schema:
    """The keys of all verbs together: which verb a changed step has, its base says."""
    verbs = [definitions[model.__name__]["properties"] for model in VERBS.values()]
    properties: Schema = {}
    for key in dict.fromkeys(key for verb in verbs for key in verb):
        kinds = [verb[key] for verb in verbs if key in verb]
        bare = [{word: value for word, value in kind.items() if word != "description"} for kind in kinds]
        different = [kind for i, kind in enumerate(bare) if kind not in bare[:i]]
        words = " Or: ".join(dict.fromkeys(kind["description"] for kind in kinds if "description" in kind))
        properties[key] = {"description": words, **(different[0] if len(different) == 1 else {"anyOf": different})}
    properties["do"] = {"description": "What the step does; another verb states the step anew.", "enum": list(VERBS)}
    properties["after_step"], properties["before_step"] = (
        {**_BESIDE, "description": _BESIDE["description"].format(where=where)} for where in ("after", "before")
    )
    properties["remove"] = _REMOVE
    return {"type": "object", "properties": properties, "additionalProperties": False}


if __name__ == "__main__":
    main()
