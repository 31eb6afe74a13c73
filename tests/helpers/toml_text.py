"""Python values written as TOML, for tests."""

import datetime as dt


def quoted(text: str) -> str:
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


def inline(value: object, blank: str = "") -> str:
    """A value as TOML on one line, with `blank` wherever a list may hold blanks."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return hex(value) if value >= 10**300 else str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{blank}" + f",{blank}".join(inline(item, blank) + blank for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(key)} = {inline(item, blank)}" for key, item in value.items()) + " }"
    return repr(value)


def written(data: dict[str, object]) -> str:
    """A whole file."""
    return "".join(f"{quoted(key)} = {inline(value)}\n" for key, value in data.items())
