"""Every broken scenario is refused with the one sentence it was written for, at the place of the mistake."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import sim

FOLDER = Path(__file__).parents[1] / "scenarios" / "broken"
FILES = sorted(FOLDER.glob("*.toml"))


@dataclass
class Expected:
    says: str
    at: str
    faults: int


def expected(path: Path) -> Expected:
    """What the first lines of a broken file say of it."""
    head = path.read_bytes().split(b"\n", 3)[:3]
    found = dict(
        re.match(r"# (\w+): ?(.*)", line).groups() for line in map(bytes.decode, head) if line.startswith("# ")
    )
    return Expected(found["says"], found["at"], int(found.get("faults", 1)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_refused_with_its_sentence_at_its_place(path):
    want = expected(path)
    with pytest.raises(sim.BadInput) as caught:
        sim.load(path)
    faults = caught.value.faults
    said = str(caught.value)
    assert len(faults) == want.faults, said
    matching = [fault for fault in faults if want.says in str(fault)]
    assert matching, said
    assert place_of(matching[0], path) == want.at, said


def place_of(fault: sim.BadInput, path: Path) -> str:
    """Line and column, with the file before it where it is another one."""
    file, line, column = fault.place.file, fault.place.line, fault.place.column
    shown = [] if Path(file) == path else [str(Path(file).resolve().relative_to(FOLDER))]
    return ":".join([*shown, *([str(line), str(column)] if line else [])])


def test_there_are_many_and_each_breaks_another_rule():
    sentences = [expected(path).says for path in FILES]
    assert len(FILES) >= 200
    assert len(set(sentences)) > 0.6 * len(sentences)


def test_no_sentence_speaks_python():
    for path in FILES:
        with pytest.raises(sim.BadInput) as caught:
            sim.load(path)
        for fault in caught.value.faults:
            for word in ("None", "True", "False", "datetime", "dict", "Input should", "validation", "float_", "Error"):
                assert word not in fault.message, fault
