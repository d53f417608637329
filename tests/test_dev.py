"""dev.py in a small copy of the project: an empty lock, a stand-in for uv, and no network."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

DEV = Path(__file__).resolve().parents[1] / "dev.py"
OUTER_PYTHON = str(getattr(sys, "_base_executable", sys.executable))

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")

UV = """\
#!/bin/sh
case "$1 $2" in
"venv "*) exec "$4" -m venv --without-pip "$5" ;;
"pip install")
    echo installed >> "$PROJECT/installed"
    [ -e "$PROJECT/interrupt" ] && kill -INT $PPID && exit 130
    [ ! -e "$PROJECT/offline" ] ;;
esac
"""

CLI = """\
import os, pathlib, signal, sys

def main():
    with pathlib.Path("calls").open("a") as calls:
        print(*sys.argv[1:], file=calls)
    if pathlib.Path("interrupt-plan").exists() and sys.argv[1] == "plan":
        os.kill(os.getppid(), signal.SIGINT)
    code = pathlib.Path(sys.argv[1] + "-code")
    return int(code.read_text()) if code.exists() else 0
"""

NO_VENV = """\
#!/bin/sh
[ "$1" = -c ] && exec {python} "$@"
exit 1
"""

NO_ENSUREPIP = """\
#!/bin/sh
case "$*" in
*"-m venv"*--without-pip*) exec {python} "$@" ;;
"-m venv"*) exit 1 ;;
"-m pip --python "*) echo "$*" >> "$PROJECT/installed" ;;
esac
"""


class Copy:
    """A folder with dev.py, locks that list nothing, and a ``breeze`` that writes down its calls."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tools = root / "tools"
        for folder in ("tools", "requirements", "planner", "home"):
            (root / folder).mkdir(parents=True)
        shutil.copy(DEV, root)
        (root / "planner" / "cli.py").write_text(CLI, encoding="utf-8")
        for name in ("base", "dev", "bench"):
            (root / "requirements" / f"{name}.lock").write_text("# nothing\n", encoding="utf-8")

    def put(self, name: str, script: str) -> Path:
        """Put an executable on PATH."""
        path = self.tools / name
        path.write_text(script.format(python=OUTER_PYTHON) if "{python}" in script else script, "utf-8")
        path.chmod(0o755)
        return path

    def run(self, *words: str, python: str = "") -> subprocess.CompletedProcess[str]:
        """Run dev.py; ``python`` is what it takes for the Python outside .venv."""
        begin: Sequence[str] = ("dev.py",)
        if python:
            start = f"import sys, runpy; sys._base_executable = {python!r}; sys.argv = sys.argv[1:]; "
            begin = ("-c", start + "runpy.run_path('dev.py', run_name='__main__')", "dev.py")
        path = f"{self.tools}{os.pathsep}{os.defpath}"
        env = {"PATH": path, "HOME": str(self.root / "home"), "PROJECT": str(self.root)}
        return subprocess.run(
            [OUTER_PYTHON, *begin, *words],
            cwd=self.root, env=env, text=True, encoding="utf-8", check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def lines(self, name: str) -> list[str]:
        """Read what a stand-in wrote down."""
        path = self.root / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    # A space and Chinese in the path: that is what folders are called in an office.
    made = Copy(tmp_path / "春风 行动")
    made.put("uv", UV)
    return made


def test_an_old_python_can_read_it() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_python_too_old_is_told_so_in_one_line(copy: Copy) -> None:
    code = DEV.read_text(encoding="utf-8").replace("NEEDED = (3, 11)", "NEEDED = (9, 0)")
    (copy.root / "dev.py").write_text(code, encoding="utf-8")
    done = copy.run("demo")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "需要 Python" in done.stdout
    assert "is needed" in done.stdout


def test_help_lists_every_word(copy: Copy) -> None:
    done = copy.run()
    assert done.returncode == 0
    assert copy.run("no-such-word").returncode == 2
    assert all(f"dev.py {word}" in done.stdout for word in ("demo", "test", "lint", "bench", "lock"))
    assert copy.lines("installed") == []


def test_demo_plans_then_exports(copy: Copy) -> None:
    done = copy.run("demo")
    assert done.returncode == 0, done.stdout
    plan, export = copy.lines("calls")
    assert plan == "plan fixtures/dongkou -o out/dongkou/plan.json --seconds 40 --seed 1"
    assert export.startswith("export fixtures/dongkou out/dongkou/plan.json --kind all --now 2")
    assert str(copy.root / "out" / "dongkou") in done.stdout.splitlines()[-1]


def test_a_plan_with_people_left_over_is_still_printed(copy: Copy) -> None:
    (copy.root / "plan-code").write_text("4", encoding="utf-8")
    assert copy.run("demo").returncode == 4
    assert [line.split()[0] for line in copy.lines("calls")] == ["plan", "export"]


def test_a_refused_campaign_is_not_printed(copy: Copy) -> None:
    (copy.root / "plan-code").write_text("3", encoding="utf-8")
    assert copy.run("demo").returncode == 3
    assert [line.split()[0] for line in copy.lines("calls")] == ["plan"]


def test_stopping_the_search_keeps_the_plan_and_goes_on(copy: Copy) -> None:
    (copy.root / "interrupt-plan").touch()
    assert copy.run("demo").returncode == 0
    assert [line.split()[0] for line in copy.lines("calls")] == ["plan", "export"]


def test_it_installs_only_when_the_lock_changes(copy: Copy) -> None:
    copy.run("demo")
    copy.run("demo")
    assert len(copy.lines("installed")) == 1
    (copy.root / "requirements" / "base.lock").write_text("# something else\n", encoding="utf-8")
    copy.run("demo")
    copy.run("demo")
    assert len(copy.lines("installed")) == 2


def test_what_is_there_for_the_tests_serves_the_demo(copy: Copy) -> None:
    copy.run("test", "--", "--version")
    assert len(copy.lines("installed")) == 1
    assert copy.run("demo").returncode == 0
    assert len(copy.lines("installed")) == 1


def test_bench_hands_its_words_on_and_its_installation_serves_all(copy: Copy) -> None:
    package = copy.root / "tests" / "bench" / "routing"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(CLI + "\nsys.exit(main())\n", encoding="utf-8")
    (copy.root / "--instances-code").write_text("2", encoding="utf-8")
    assert copy.run("bench", "routing", "--instances", "a b").returncode == 2
    assert copy.lines("calls") == ["--instances a b"]
    assert copy.run("test", "--", "--version").returncode == 1
    assert copy.run("demo").returncode == 0
    assert len(copy.lines("installed")) == 1
    done = copy.run("bench", "nothing-of-the-kind")
    assert done.returncode == 2
    assert "dev.py bench speed" in done.stdout


def test_an_interrupted_installation_is_begun_anew(copy: Copy) -> None:
    (copy.root / "interrupt").touch()
    done = copy.run("demo")
    assert done.returncode == 130
    assert done.stdout.splitlines()[-1] == "已中断。/ Stopped."
    half_done = copy.root / ".venv" / "half-done"
    half_done.touch()
    (copy.root / "interrupt").unlink()
    assert copy.run("demo").returncode == 0
    assert not half_done.exists()
    assert len(copy.lines("installed")) == 2


def test_the_command_works_from_anywhere(copy: Copy) -> None:
    copy.run("demo")
    elsewhere = copy.root / "home"
    command = [str(copy.root / ".venv" / "bin" / "breeze"), "check", "a b", "it's"]
    subprocess.run(command, cwd=elsewhere, check=True)
    assert (elsewhere / "calls").read_text(encoding="utf-8").splitlines() == ["check a b it's"]


def test_every_check_runs_although_the_first_fails(copy: Copy) -> None:
    done = copy.run("test")
    assert done.returncode == 1
    last = done.stdout.splitlines()[-1]
    assert last.endswith("ruff check, ruff format, basedpyright, imports, pytest")


@pytest.mark.slow
def test_when_uv_cannot_fetch_pip_may(copy: Copy) -> None:
    (copy.root / "offline").touch()
    done = copy.run("demo")
    assert done.returncode == 0, done.stdout
    assert len(copy.lines("installed")) == 1


def test_without_ensurepip_the_outer_pip_helps(copy: Copy) -> None:
    (copy.tools / "uv").unlink()
    done = copy.run("demo", python=str(copy.put("outer-python", NO_ENSUREPIP)))
    assert done.returncode == 0, done.stdout
    assert copy.lines("installed")[-1].endswith("requirements/base.lock")


def test_with_no_pip_at_all_uv_off_path_helps(copy: Copy) -> None:
    hidden = copy.root / "home" / ".local" / "bin"
    hidden.mkdir(parents=True)
    (copy.tools / "uv").rename(hidden / "uv")
    python = copy.put("outer-python", NO_VENV)
    (hidden / "uv").write_text(UV.replace('"$4"', OUTER_PYTHON), encoding="utf-8")
    done = copy.run("demo", python=str(python))
    assert done.returncode == 0, done.stdout


def test_with_nothing_to_install_with_it_names_the_package(copy: Copy) -> None:
    (copy.tools / "uv").unlink()
    done = copy.run("demo", python=str(copy.put("outer-python", NO_VENV)))
    assert done.returncode == 1
    last = done.stdout.splitlines()[-1]
    assert "缺少" in last
    assert "missing" in last
    assert "python3-venv" in last or sys.platform != "linux"


@pytest.mark.slow
def test_without_network_it_says_so_once(copy: Copy) -> None:
    (copy.root / "offline").touch()
    lock = "no-such-package-of-ours==1 --hash=sha256:" + "0" * 64 + "\n"
    (copy.root / "requirements" / "base.lock").write_text(lock, encoding="utf-8")
    settings = copy.root / "home" / ".config" / "pip"
    settings.mkdir(parents=True)
    (settings / "pip.conf").write_text("[global]\nno-index = true\n", encoding="utf-8")
    done = copy.run("demo")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("✘ 安装包下载或校验失败")
    assert (copy.root / ".venv" / "breeze-stamp").read_text(encoding="utf-8") == "unfinished"
