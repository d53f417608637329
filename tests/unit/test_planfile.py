"""plan.json: back and forth without loss, and every damage refused in words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from planner.errors import InputError, NotFoundError
from planner.intake.planfile import plan_to_json, read_plan
from planner.model.agenda import (
    Agenda,
    FairCause,
    Filled,
    Part,
    PartProof,
    PlannedFair,
    RefusedFair,
    Remedy,
    RemedyKind,
    ScoreLine,
    Task,
    TaskKind,
)
from planner.model.fairs import FairId
from tests.builders import tiny_plan
from tests.unit.check.good_plan import good_draft


def _write(folder: Path, content: object) -> Path:
    target = folder / "plan.json"
    target.write_text(json.dumps(content), encoding="utf-8")
    return target


def _content() -> dict[str, Any]:
    return json.loads(plan_to_json(tiny_plan()))


@pytest.mark.parametrize("plan", [tiny_plan(), good_draft().write()], ids=["tiny", "proving"])
def test_a_plan_comes_back_equal_and_is_written_the_same_again(plan: Any, tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_text(plan_to_json(plan), encoding="utf-8")
    found = read_plan(target)
    assert found == plan
    assert plan_to_json(found) == plan_to_json(plan)


AGENDA = Agenda(
    fairs=(
        PlannedFair(
            fair_id=FairId("f1"),
            venue_id=None,
            day=date(2027, 1, 26),
            start_s=68_400,
            end_s=75_600,
            filled=(Filled(sector="电子", heads=3), Filled(sector="箱包", heads=4)),
            tasks=(Task(kind=TaskKind.PUBLISH, due=date(2027, 1, 19)),),
        ),
    ),
    refused_fairs=(
        RefusedFair(
            fair_id=FairId("f2"),
            cause=FairCause.VENUE_TOO_SMALL,
            args={"capacity": 200},
            remedy=Remedy(kind=RemedyKind.LOWER_VISITORS, args={"most": 200}),
        ),
    ),
    score=(ScoreLine(part=Part.FAIRS, rule="seekers", item="f1", fen=-5_000),),
    proofs=(PartProof(part=Part.FAIRS, cost_fen=-5_000, bound_fen=-6_000),),
)


def test_an_agenda_comes_back_and_a_plan_without_one_does_not_speak_of_it(tmp_path: Path) -> None:
    assert "agenda" not in _content()
    plan = replace(tiny_plan(), agenda=AGENDA)
    target = tmp_path / "plan.json"
    target.write_text(plan_to_json(plan), encoding="utf-8")
    assert read_plan(target) == plan
    assert AGENDA.fairs[0].matches == 7


def test_the_text_is_readable_and_ends_in_a_line() -> None:
    text = plan_to_json(tiny_plan())
    assert text.endswith("}\n")
    assert "村口老枫树下" in text
    assert list(_content())[:4] == ["format", "version", "parent", "campaign_id"]


def test_no_file_is_not_found_by_name_alone(tmp_path: Path) -> None:
    for missing in (tmp_path / "none.json", tmp_path):
        with pytest.raises(NotFoundError) as caught:
            read_plan(missing)
        assert caught.value.name == missing.name
        assert str(tmp_path.parent) not in str(caught.value)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe{}", b"[1,", b'{"format": 1'])
def test_what_is_no_json_is_refused(text: bytes, tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_bytes(text)
    assert _codes(target) == ["plan.not_json"]


@pytest.mark.parametrize("content", [[], 3, None, "x", {}, {"format": 2}, {"format": "1"}, {"format": None}])
def test_another_format_is_refused(content: object, tmp_path: Path) -> None:
    assert _codes(_write(tmp_path, content)) == ["plan.format"]


def test_every_wrong_field_is_named(tmp_path: Path) -> None:
    content = _content()
    del content["cost_fen"]
    content["routes"][1]["stops"][0]["arrive_s"] = "soon"
    content["effort"]["kind"] = "magic"
    with pytest.raises(InputError) as caught:
        read_plan(_write(tmp_path, content))
    assert {issue.where.column for issue in caught.value.issues} == {
        "cost_fen",
        "routes.1.stops.0.arrive_s",
        "effort.kind",
    }
    assert {issue.where.file for issue in caught.value.issues} == {"plan.json"}


def test_deep_nesting_is_refused_not_a_traceback(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_text("[" * 200_000, encoding="utf-8")
    assert _codes(target) == ["plan.not_json"]


def test_numbers_beyond_measure_are_refused(tmp_path: Path) -> None:
    content = plan_to_json(tiny_plan())
    target = tmp_path / "plan.json"
    target.write_text(content.replace('"cost_fen": 108466', '"cost_fen": ' + "9" * 5_000), encoding="utf-8")
    assert _codes(target) == ["plan.not_json"]
    target.write_text(content.replace('"cost_fen": 108466', '"cost_fen": 1e400'), encoding="utf-8")
    assert _codes(target) == ["plan.field"]


def _codes(target: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_plan(target)
    return [issue.code for issue in caught.value.issues]
