"""Named scenarios: what differs from the folder, and everything that is wrong with a file at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planner.demand import campaign_digest
from planner.errors import Severity
from planner.intake.folder import load_campaign
from planner.intake.scenario import scenario_names

TINY = Path(__file__).parents[3] / "fixtures" / "tiny"


def _folder(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "half.toml").write_text(text, encoding="utf-8")
    return folder


def _codes(folder: Path, name: str = "half") -> list[tuple[str, str, str]]:
    _, issues = load_campaign(folder, scenario=name)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    return [(issue.code, issue.where.file, issue.where.column) for issue in errors]


def test_a_scenario_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    whole, _ = load_campaign(TINY)
    assert whole is not None
    group, departure = whole.fleet[0], whole.departures[0]
    folder = _folder(
        tmp_path,
        "\n".join(
            (
                f'departures = ["{departure.id}"]',
                "[fleet]",
                f"{group.id} = {group.count + 2}",
                "[rules.feeder]",
                "load_percent = 50",
            )
        ),
    )
    assert scenario_names(folder) == ("half",)
    campaign, _ = load_campaign(folder, scenario="half")
    assert campaign is not None
    assert campaign.departures == (departure,)
    assert campaign.fleet[0].count == group.count + 2
    assert campaign.fleet[1:] == whole.fleet[1:]
    assert campaign.rules.feeder.load_percent == 50
    assert campaign.rules.feeder.ride_limit_min == whole.rules.feeder.ride_limit_min
    assert campaign.scenario == "half"
    assert campaign_digest(campaign) != campaign_digest(whole)


def test_without_departures_named_all_run(tmp_path: Path) -> None:
    whole, _ = load_campaign(TINY)
    campaign, _ = load_campaign(_folder(tmp_path, 'title = "x"\n'), scenario="half")
    assert campaign is not None
    assert whole is not None
    assert campaign.departures == whole.departures


def test_none_may_run(tmp_path: Path) -> None:
    campaign, _ = load_campaign(_folder(tmp_path, "departures = []\n"), scenario="half")
    assert campaign is not None
    assert campaign.departures == ()


def test_a_scenario_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "")
    campaign, issues = load_campaign(folder, scenario="whole")
    assert campaign is None
    (found,) = [issue for issue in issues if issue.code == "scenario.unknown"]
    assert found.args["known"] == "half"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("trains = []\n", "trains"),
        ("departures = 3\n", "departures"),
        ("fleet = 3\n", "fleet"),
        ("rules = 3\n", "rules"),
        ('departures = ["nothing"]\n', "nothing"),
        ("[fleet]\nnobody = 3\n", "nobody"),
        ("[fleet]\nnobody = -1\n", "fleet.nobody"),
        ("[rules.feeder]\nspeed = 3\n", "rules.feeder.speed"),
    ],
)
def test_what_has_no_meaning_is_refused(tmp_path: Path, text: str, column: str) -> None:
    assert ("scenario.bad", "scenarios/half.toml", column) in _codes(_folder(tmp_path, text))


def test_a_rule_out_of_range_is_refused_as_in_the_rules(tmp_path: Path) -> None:
    found = _codes(_folder(tmp_path, "[rules.feeder]\nload_percent = 500\n"))
    assert [entry[0] for entry in found] == ["cell.too_large"]


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    assert [entry[0] for entry in _codes(_folder(tmp_path, "title = \n"))] == ["file.toml"]
