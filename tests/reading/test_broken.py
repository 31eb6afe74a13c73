"""Every broken scenario is refused with the one sentence it was written for, at the place of the mistake."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import sim

FOLDER = Path(__file__).parents[2] / "scenarios" / "broken"
FILES = sorted(FOLDER.glob("*.toml"))


@dataclass
class Expected:
    says: str
    at: str
    faults: int


def expected(path: Path) -> Expected:
    """What the first lines of a broken file say of it."""
    head = path.read_text(encoding="utf-8", errors="replace").split("\n", 3)[:3]
    found = dict(match.groups() for match in map(re.compile(r"# (\w+): (.+)").fullmatch, head) if match)
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


def test_a_fault_names_file_line_column_path_and_says_what_is_wrong():
    path = FOLDER / "chance_above_one.toml"
    with pytest.raises(sim.BadInput) as caught:
        sim.load(path)
    assert str(caught.value) == f"{path}:22:39: route.order → inventory → no stock.chance: must be at most 1; got 1.3"


SIX = """\
format = 1
title = "Six mistakes"
starts = "2025-10-06"
runs_for = "1 week"

[hours]
day = { "Mon-Fry" = ["09:00-17:00"] }

[roles.packer]
people = -1
hours = "dya"

[arrivals.order]
perday = 10
per_day = 10

[[route.order]]
steps = [
  { name = "pack", do = "work", by = "packer", takes = { gamma = { mean = "2 mn", cv = 0.5 } } },
  { name = "wrong item", do = "branch", chance = 1.3, goes_to = "pack" },
  { name = "lost", do = "branch", chance = 0.1, goes_to = "los" },
  { name = "shipped", do = "end" },
]
"""


def test_all_mistakes_of_a_file_come_at_once_in_the_order_of_the_file(tmp_path):
    path = tmp_path / "six.toml"
    path.write_text(SIX, encoding="utf-8")
    with pytest.raises(sim.BadInput) as caught:
        sim.load(path)
    said = [(fault.place.line, fault.path) for fault in caught.value.faults]
    assert said == [
        (3, "starts"),
        (7, "hours.day.Mon-Fry"),
        (10, "roles.packer.people"),
        (11, "roles.packer.hours"),
        (14, "arrivals.order.perday"),
        (19, "route.order → block 1 → pack.takes.gamma.mean"),
        (20, "route.order → block 1 → wrong item.chance"),
        (20, "route.order → block 1 → wrong item.goes_to"),
        (21, "route.order → block 1 → lost.goes_to"),
    ]


def test_faults_of_several_data_files_come_at_once(tmp_path):
    (tmp_path / "a.csv").write_text("s\n1\nx\ny\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("s\n-1\n", encoding="utf-8")
    text = (FOLDER / "data" / "shop.toml").read_text(encoding="utf-8")
    one = '{ empirical = { file = "a.csv", column = "s", unit = "s" } }'
    other = '{ name = "wrap", do = "wait", takes = { empirical = { file = "b.csv", column = "s", unit = "s" } } },\n'
    text = text.replace('"2 min"', one).replace('  { name = "shipped"', f'  {other}  {{ name = "shipped"')
    path = tmp_path / "shop.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(sim.BadInput) as caught:
        sim.load(path)
    assert [(Path(f.place.file).name, f.place.line) for f in caught.value.faults] == [
        ("a.csv", 3),
        ("a.csv", 4),
        ("b.csv", 2),
    ]


def test_many_rows_with_the_same_fault_are_one_fault(tmp_path):
    (tmp_path / "a.csv").write_text("s\n" + "x\n" * 5000, encoding="utf-8")
    text = (FOLDER / "data" / "shop.toml").read_text(encoding="utf-8")
    path = tmp_path / "shop.toml"
    path.write_text(
        text.replace("per_day = 10", 'per_day = 10\nlines = { empirical = { file = "a.csv", column = "s" } }')
    )
    with pytest.raises(sim.BadInput) as caught:
        sim.load(path)
    (fault,) = caught.value.faults
    assert fault.place.line == 2
    assert fault.message == (
        'expected a number (0 … 1e+12); got "x" … and 4,999 more rows with the same fault, up to line 5001'
    )


def test_a_file_that_is_not_there_a_folder_and_a_name_no_file_can_have(tmp_path):
    for path, says in (
        (tmp_path / "nothing.toml", "there is no such file"),
        (tmp_path, "this is a folder; name a scenario file"),
        ("a\0b.toml", "this cannot be the name of a file"),
        ("x" * 5000 + ".toml", "cannot be read"),
    ):
        with pytest.raises(sim.BadInput, match=says):
            sim.load(path)


def test_an_empty_file_lacks_everything(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_bytes(b"")
    with pytest.raises(sim.BadInput) as caught:
        sim.load(path)
    missing = {fault.path for fault in caught.value.faults}
    assert missing == {"format", "title", "starts", "runs_for", "hours", "arrivals", "route"}


def test_bad_input_survives_being_sent_between_processes():
    import pickle

    with pytest.raises(sim.BadInput) as caught:
        sim.load(FOLDER / "empty.toml")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.faults, str(again)) == (caught.value.faults, str(caught.value))
