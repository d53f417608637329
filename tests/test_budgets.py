"""The house's own rules, as far as no ready-made tool checks them."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
OURS = {"dev", "exports", "fixtures", "planner", "tests", "web"}
MODULE_LINES = 400
STANDARD_EXAMPLES = {"11010519491231002X", "440524188001010014"}  # printed in GB 11643 itself
LEFT_OUT = {".git", ".venv", "out", "__pycache__", "dist"}


def _tracked() -> list[Path]:
    """Files that git knows; in a copy without git, all that are not made by tools."""
    command = [shutil.which("git") or "git", "ls-files", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not LEFT_OUT & set(path.relative_to(ROOT).parts)]
    else:
        found = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    return sorted(path for path in found if path.is_file())


def _texts() -> Iterator[tuple[str, str]]:
    for path in _tracked():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _lines_with(pattern: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]


def _modules(*folders: str) -> list[Path]:
    return [
        path
        for path in _tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {*folders, "dev.py"}
    ]


def _project() -> dict[str, list[Requirement]]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = [Requirement(line) for line in table["dependencies"]]
    extras = table["optional-dependencies"].items()
    return {"base": base} | {name: base + [Requirement(line) for line in lines] for name, lines in extras}


def _pins(lock: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines():
        if line and line[0].isalnum():
            requirement = Requirement(line.rstrip("\\ "))
            version = next(iter(requirement.specifier)).version
            pins.setdefault(requirement.name, set()).add(version)
    return pins


def test_modules_are_short() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in _modules("exports", "fixtures", "planner", "web")
    }
    assert lengths["dev.py"] > 0
    assert not {name: length for name, length in lengths.items() if length > MODULE_LINES}


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a path of one machine", r"(?<![\w.~$}-])/(?:home|root|Users|work|mnt)/\w|\b[A-Z]:\\Users"),
        ("a folder outside the project", r"[.][.]/share[d]"),
        (
            "a package index",
            r"(?i)\b(?:debian|npmjs|npmmirror|pypi|pythonhosted|tuna)[.](?:com|io|org|tsinghua|tuna)\b",
        ),
    ],
)
def test_the_project_does_not_name(what: str, pattern: str) -> None:
    assert not _lines_with(pattern), what


def _is_id_number(digits: str) -> bool:
    try:
        date.fromisoformat(digits[6:14])
    except ValueError:
        return False
    weights = [2**power % 11 for power in range(17, 0, -1)]
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()


def test_id_numbers_are_made_up() -> None:
    """Sequence codes 996 to 999 are kept by the registry for the very old: nobody travelling has one."""
    found = {
        number
        for _, text in _texts()
        for number in re.findall(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])", text)
        if _is_id_number(number) and number[14:17] not in {"996", "997", "998", "999"}
    }
    assert found - STANDARD_EXAMPLES == set()


def test_phone_numbers_are_made_up() -> None:
    found = {
        phone
        for _, text in _texts()
        for phone in re.findall(r"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z])", text)
    }
    assert found
    assert {phone for phone in found if not phone.startswith("1690000")} == set()


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("kind", "folders"), [("base", ("exports", "fixtures", "planner", "web")), ("dev", ("tests",))]
)
def test_what_is_imported_is_declared(kind: str, folders: tuple[str, ...]) -> None:
    imported = {name for path in _modules(*folders) for name in _imported(path)}
    foreign = imported - set(sys.stdlib_module_names) - OURS
    sources = packages_distributions()
    declared = {requirement.name for requirement in _project()[kind]}
    assert foreign
    assert {name for name in foreign if not declared & {*sources.get(name, ())}} == set()


@pytest.mark.parametrize("kind", _project())
def test_the_lock_fits_the_declared_dependencies(kind: str) -> None:
    pins = _pins(f"{kind}.lock")
    unmet = [
        str(wanted)
        for wanted in _project()[kind]
        if not pins.get(wanted.name) or not all(version in wanted.specifier for version in pins[wanted.name])
    ]
    assert not unmet, "run: python3 dev.py lock"


@pytest.mark.parametrize("kind", sorted({*_project()} - {"base"}))
def test_the_other_locks_list_all_of_base(kind: str) -> None:
    pins = _pins(f"{kind}.lock")
    assert {
        name: versions for name, versions in _pins("base.lock").items() if pins.get(name) != versions
    } == {}


@pytest.mark.parametrize("lock", [f"{kind}.lock" for kind in _project()])
def test_locks_are_hashed_and_name_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.findall(r"^[a-z0-9][^#]*?(?=^[a-z0-9]|\Z|^ +#)", text, flags=re.MULTILINE)
    assert len(blocks) == sum(map(len, _pins(lock).values()))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_every_relaxed_rule_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    relaxed = [line for line in lines if re.match(r' +"[A-Z]+\d*",|report\w+ = false', line)]
    assert len(relaxed) > 20
    assert [line for line in relaxed if not re.search(r"# \w", line)] == []


def test_importing_planner_is_instant() -> None:
    heavy = {"networkx", "numpy", "ortools", "pandas", "pydantic", "scipy"}
    question = f"import sys, planner, planner.errors; print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", question], cwd=ROOT, check=True, capture_output=True)
    assert done.stdout.decode().split() == []
