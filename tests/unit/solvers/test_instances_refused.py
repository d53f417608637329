"""Files that cannot be read are refused with the line and in both languages, and never crash the reader."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from exports.words import has_text, load_catalogue, placeholders, text
from planner.errors import InputError, Issue, NotFoundError
from planner.solvers.routing.instances import read_instance
from planner.solvers.routing.instances.trouble import MOST_BYTES, Code
from tests.unit.solvers.instance_files import (
    COUNTY,
    CPTP,
    CVRP,
    CVRPTW,
    EXPLICIT,
    HFVRP,
    MDVRPTW,
    OVRP,
    PARTIES,
    PCVRPTW,
    SAMPLES,
    SPLIT,
    TEAM,
    VRPTW,
)

PLACES = Path(__file__).parents[3] / "planner" / "solvers" / "routing" / "instances"


def _refused(content: str | bytes, folder: Path) -> tuple[Issue, ...]:
    path = folder / "given"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_instance(path)
    return caught.value.issues


def _found(content: str | bytes, folder: Path) -> list[tuple[str, int, str]]:
    return [(issue.code, issue.where.row, issue.where.column) for issue in _refused(content, folder)]


@pytest.mark.parametrize(
    ("content", "code", "row", "column"),
    [
        ("", Code.UNKNOWN_FORMAT, 0, ""),
        ("Route 1 2 3\n", Code.UNKNOWN_FORMAT, 1, ""),
        ("Route #1: 3 4\nCost 12\n", Code.UNKNOWN_FORMAT, 1, ""),
        (b"\x89PNG\0\0", Code.NOT_TEXT, 0, ""),
        (CVRP.replace("TYPE : CVRP", "TYPE : MTVRPTWR"), Code.UNKNOWN_TYPE, 3, "TYPE"),
        (CVRP.replace("TYPE : CVRP\n", ""), Code.MISSING, 0, "TYPE"),
        (CVRP.replace("DIMENSION : 4\n", ""), Code.MISSING, 0, "DIMENSION"),
        (CVRP.replace("DIMENSION : 4", "DIMENSION : 5"), Code.COUNT, 7, "NODE_COORD_SECTION"),
        (CVRP.replace("DIMENSION : 4", "DIMENSION : 4000000"), Code.OUT_OF_RANGE, 4, "DIMENSION"),
        (CVRP.replace("CAPACITY : 10", "CAPACITY : ten"), Code.NOT_NUMBER, 6, "CAPACITY"),
        (CVRP.replace("CAPACITY : 10", "CAPACITY : 5"), Code.TOO_LARGE_DEMAND, 16, "DEMAND_SECTION"),
        (CVRP.replace("4 10 10", "4 10 nan"), Code.NOT_NUMBER, 11, "NODE_COORD_SECTION"),
        (CVRP.replace("4 10 10", "4 10 1e300"), Code.OUT_OF_RANGE, 11, "NODE_COORD_SECTION"),
        (CVRP.replace("4 10 10", "4 10"), Code.CELLS, 11, "NODE_COORD_SECTION"),
        (CVRP.replace("4 10 10", "3 10 10"), Code.NUMBERING, 11, "NODE_COORD_SECTION"),
        (CVRP.replace("3 5\n", "3 -5\n"), Code.OUT_OF_RANGE, 15, "DEMAND_SECTION"),
        (CVRP.replace("3 5\n", "3 5.5\n"), Code.NOT_WHOLE, 15, "DEMAND_SECTION"),
        (CVRP.replace("EUC_2D", "GEO"), Code.UNKNOWN_ROUNDING, 5, "EDGE_WEIGHT_TYPE"),
        (CVRP.replace("EDGE_WEIGHT_TYPE : EUC_2D\n", ""), Code.UNKNOWN_ROUNDING, 0, "EDGE_WEIGHT_TYPE"),
        (CVRP.replace("CAPACITY", "DISTANCE : 200\nCAPACITY"), Code.NOT_SUPPORTED, 6, "DISTANCE"),
        (CVRP.replace("CAPACITY", "DIMENSION : 4\nCAPACITY"), Code.TWICE, 6, "DIMENSION"),
        (CVRP.replace("DEPOT_SECTION\n1", "DEPOT_SECTION\n2"), Code.DEPOTS, 17, "DEPOT_SECTION"),
        (CVRP.replace("DEPOT_SECTION\n1\n-1\n", ""), Code.MISSING, 0, "DEPOT_SECTION"),
        (CVRP.replace("DEPOT_SECTION\n1", "DEPOT_SECTION\n1\n2"), Code.DEPOTS, 17, "DEPOT_SECTION"),
        (CVRP.replace("DEMAND_SECTION\n1 0\n2 4\n3 5\n4 6\n", ""), Code.MISSING, 0, "DEMAND_SECTION"),
        (CVRP.replace("SECTION\n1 0\n2 4", "SECTION\n1 3\n2 4"), Code.OUT_OF_RANGE, 13, "DEMAND_SECTION"),
        (
            CVRP.replace("DEPOT_", "EDGE_WEIGHT_SECTION\n1 2 3\nDEPOT_"),
            Code.NOT_SUPPORTED,
            17,
            "EDGE_WEIGHT_SECTION",
        ),
        (OVRP.replace("DISTANCE : 24", "DISTANCE :"), Code.NOT_NUMBER, 6, "DISTANCE"),
        (
            VRPTW.replace("SERVICE_TIME : 3", "SERVICE_TIME_SECTION : 3"),
            Code.NOT_SUPPORTED,
            6,
            "SERVICE_TIME_SECTION",
        ),
        (EXPLICIT.replace("LOWER_ROW", "UPPER_ROW"), Code.UNKNOWN_ROUNDING, 5, "EDGE_WEIGHT_FORMAT"),
        (EXPLICIT.replace("3 4 5", "3 4"), Code.COUNT, 7, "EDGE_WEIGHT_SECTION"),
        (VRPTW.replace("2 0 40", "2 41 40"), Code.WINDOW, 20, "TIME_WINDOW_SECTION"),
        (CVRPTW.replace("SCALE : 10", "SCALE : 0"), Code.OUT_OF_RANGE, 6, "SCALE"),
        (MDVRPTW.replace("1 0 100\n", "1 0 1000000\n"), Code.OUT_OF_RANGE, 23, "TIME_WINDOW_SECTION"),
        (MDVRPTW.replace("3 2\nDEPOT", "3 3\nDEPOT"), Code.OUT_OF_RANGE, 31, "VEHICLES_DEPOT_SECTION"),
        (
            MDVRPTW.replace("VEHICLES_DEPOT_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"),
            Code.NOT_SUPPORTED,
            28,
            "VEHICLES_RELOAD_DEPOT_SECTION",
        ),
        (HFVRP.replace("3 10\nVEH", "3 10\n4 10\nVEH"), Code.COUNT, 16, "CAPACITY_SECTION"),
        (PCVRPTW.replace("3 0\n4 50", "3 x\n4 50"), Code.NOT_NUMBER, 26, "PRIZE_SECTION"),
        (CPTP.replace("2 7\n", "2 0.3\n"), Code.NOT_WHOLE, 20, "PRIZE_SECTION"),
        (SPLIT.replace("8 8 4", "8 8"), Code.COUNT, 2, "demand"),
        (SPLIT.replace("0 10\n", ""), Code.COUNT, 5, "x"),
        (SPLIT.replace("8 8 4", "900000 900001 4"), Code.OUT_OF_RANGE, 2, "demand"),
        (TEAM.replace("m 2", "p 2"), Code.MISSING, 2, "m"),
        (TEAM.replace("5 0 10", "5 0 1.5"), Code.NOT_WHOLE, 5, "score"),
        (TEAM.replace("10 0 0\n", ""), Code.COUNT, 7, "x"),
        (json.dumps(COUNTY)[:-9], Code.NOT_JSON, 0, ""),
        ('{"demand": ' + "[" * 5000, Code.NOT_JSON, 0, ""),
        (json.dumps(COUNTY).replace("{", '{"seats": [9, 9], ', 1), Code.TWICE, 0, "seats"),
        (json.dumps({**COUNTY, "vehicles": []}), Code.BAD_FIELD, 0, "vehicles"),
        (json.dumps({**COUNTY, "reach": 0}), Code.BAD_FIELD, 0, "reach"),
        (json.dumps({**COUNTY, "parts": {}}), Code.BAD_FIELD, 0, "parts"),
        (json.dumps({**COUNTY, "demand": [1, 5, 4, 0, 3]}), Code.BAD_FIELD, 0, "demand"),
        (json.dumps({**COUNTY, "per_dam_milliyuan": [10**7, 5]}), Code.BAD_FIELD, 0, "per_dam_milliyuan"),
        (json.dumps({**COUNTY, "tolls": []}), Code.NOT_SUPPORTED, 0, "tolls"),
        (json.dumps({**COUNTY, "seats": [3, 4]}), Code.TOO_LARGE_DEMAND, 0, "demand.1"),
        (json.dumps({**COUNTY, "demand": [0, 5, 4, True, 3]}), Code.BAD_FIELD, 0, "demand"),
        (json.dumps({**COUNTY, "time_s": [[0]]}), Code.BAD_FIELD, 0, "time_s"),
        (json.dumps({**COUNTY, "max_ride_s": float("nan")}), Code.BAD_FIELD, 0, "max_ride_s"),
        (json.dumps({**PARTIES, "parts": [[], [5, 4], [4], [], []]}), Code.BAD_FIELD, 0, "parts"),
    ],
)
def test_a_broken_file_is_refused_where_it_is_broken(
    content: str | bytes, code: Code, row: int, column: str, tmp_path: Path
) -> None:
    assert (code.value, row, column) in _found(content, tmp_path)


def test_what_follows_the_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "twice"
    path.write_text(CVRP + "anything\n" + CVRP, encoding="utf-8")
    assert len(read_instance(path).problem.visits) == 3


def test_all_troubles_are_told_at_once_and_none_twice(tmp_path: Path) -> None:
    bad = CVRP.replace("4 10 10", "4 10 x").replace("3 10 0", "3 y 0").replace("2 0 10", "2 z z")
    assert [row for _, row, _ in _found(bad, tmp_path)] == [9, 10, 11]


def test_a_missing_a_large_and_a_locked_file(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        read_instance(tmp_path / "nothing")
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(InputError, match=Code.TOO_BIG):
        read_instance(large)
    with pytest.raises(InputError, match=Code.UNREADABLE):
        read_instance(tmp_path)


def test_only_own_figures_of_the_file_are_shown_and_short(tmp_path: Path) -> None:
    (issue,) = _refused(CVRP.replace("TYPE : CVRP", "TYPE : " + "X" * 5000), tmp_path)
    assert len(str(issue.args["value"])) == 30


@pytest.mark.parametrize("code", Code)
def test_every_code_has_words_in_the_style_of_the_house(code: Code) -> None:
    chinese, english = load_catalogue("zh_CN")[code], load_catalogue("en")[code]
    assert placeholders(chinese) == placeholders(english)
    bare = re.sub(r"\{\w+\}", "几", chinese)
    assert all(len(sentence) <= 25 for sentence in re.split("[。：；]", bare))
    assert bare.count("请") <= 1
    assert not re.search(r"[,;!?]|错误|非法|您", bare)


def test_no_words_without_a_code_and_no_code_without_use() -> None:
    keys = {key for key in load_catalogue("zh_CN") if key.startswith("instance.")}
    assert keys == {code.value for code in Code}
    sources = "".join(path.read_text(encoding="utf-8") for path in PLACES.glob("*.py"))
    assert all(f"Code.{code.name}" in sources for code in Code)


def _spoil(content: bytes, dice: random.Random) -> bytes:
    """Change one to three things: a byte, a line, a number, the length."""
    for _ in range(dice.randint(1, 3)):
        lines = content.split(b"\n")
        kind = dice.randrange(6)
        if kind == 0:
            content = content[: dice.randrange(len(content) + 1)]
        elif kind == 1:
            place = dice.randrange(len(content) + 1)
            content = content[:place] + bytes([dice.randrange(256)]) + content[place + 1 :]
        elif kind == 2:
            del lines[dice.randrange(len(lines))]
            content = b"\n".join(lines)
        elif kind == 3:
            lines.insert(dice.randrange(len(lines)), dice.choice(lines))
            content = b"\n".join(lines)
        elif found := list(re.finditer(rb"-?\d+", content)):
            match = dice.choice(found)
            odd: list[bytes] = [
                b"0",
                b"-1",
                b"7",
                b"1e9",
                b"1e999",
                b"nan",
                b"null",
                b"[]",
                b"0.5",
                b"\xb2",
                b"9" * 5000,
            ]
            content = content[: match.start()] + dice.choice(odd) + content[match.end() :]
    return content


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_spoiled_files_are_read_or_refused_but_never_crash(name: str, tmp_path: Path) -> None:
    dice, path = random.Random(name), tmp_path / "spoiled"
    outcomes: dict[str, Any] = {}
    for _ in range(150):
        path.write_bytes(_spoil(SAMPLES[name].text.encode(), dice))
        try:
            instance = read_instance(path)
        except InputError as error:
            for issue in error.issues:
                assert has_text(issue.code)
                outcomes[text(issue.code, locale="en", **issue.args)] = issue
        else:
            assert all(visit.prize >= 0 <= visit.heads for visit in instance.problem.visits)
            outcomes["read"] = instance
    assert len(outcomes) > 5
