"""Set up and run Spring Breeze with nothing but Python: ``python3 dev.py demo | test | lint | lock``.

Standard library only. It makes ``.venv``, fills it from a hashed lock in ``requirements/`` and runs the
word that was asked for; a stamp lets the next run start at once. Nothing is ever compiled, and nothing is
installed that the lock does not list.

This file keeps to the syntax of Python 3.6, so that an old Python can say that it is too old.
"""

import hashlib
import io
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

NEEDED = (3, 11)
if sys.version_info < NEEDED:
    sys.exit(
        "需要 Python 3.11 或更新版本。/ Python 3.11 or newer is needed; this is " + sys.version.split()[0]
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = str(BIN / ("python.exe" if WINDOWS else "python"))
# The Python outside .venv, also when dev.py is started with the one inside.
OUTER_PYTHON = str(getattr(sys, "_base_executable", sys.executable))

LOCKS = {
    name: f"requirements/{name}.lock" for name in ("base", "dev", "bench", "roads")
}  # the others list all of base, bench all of dev too
STAMP = VENV / "breeze-stamp"
UNFINISHED = "unfinished"

BREEZE = "import sys; from planner.cli import main; sys.exit(main())"
LAUNCHER = f"#!/bin/sh\nexec {shlex.quote(PYTHON)} -P -c '{BREEZE}' \"$@\"\n"
WINDOWS_LAUNCHER = f'@"%~dp0python.exe" -P -c "{BREEZE}" %*\n'

DEMO = "fixtures/dongkou"
DEMO_OUT = "out/dongkou"
PLAN_INCOMPLETE = 4  # exit code of `breeze plan` when somebody could not be served: the pack is still wanted

HELP = """\
python3 dev.py demo              规划洞口示例并生成全套文件 / plan the Dongkou example and make its documents
python3 dev.py test              全部检查与测试，慢的除外 / every check and test but the slow (-- -m slow)
python3 dev.py test -- -k word   只运行部分测试 / some tests only: the rest of the line goes to pytest
python3 dev.py lint              格式、类型、依赖方向、篇幅 / style, types, imports, budgets
python3 dev.py bench routing --instances DIR   与其他求解库比较方案质量 / plans beside other libraries
python3 dev.py bench tours --instances DIR     小分队路线与公开算例 / squads' tours, public instances
python3 dev.py bench speed       关键步骤的用时 / time the hot pieces
python3 dev.py lock [--upgrade]  改过依赖后重做锁定文件（需要 uv）/ make the locks anew (needs uv)"""

NEED_UV = "重做锁定文件需要 uv。/ Making the locks needs uv."
NEED_PACKAGES = (
    "安装包下载或校验失败，请检查网络或 pip 的镜像设置后重试。/ "
    "Packages could not be fetched or verified: check the network or pip's settings, then try again."
)
NEED_VENV = (
    "缺少 venv 组件，请先安装：sudo apt install python3-venv / "
    "The venv module is missing: sudo apt install python3-venv (or put uv on PATH)."
)
NEED_PYTHON = (
    "此 Python 不带 venv 和 pip，请安装完整的 Python 或 uv。/ "
    "This Python comes without venv and pip: install a complete Python, or uv."
)


class SetupError(Exception):
    """The one line that says what is missing, in Chinese and English."""


class Way(NamedTuple):
    """One way to a filled ``.venv``: make it, see that the installer is there, install."""

    installer: str
    make: Sequence[str]
    probe: Sequence[str]
    install: Sequence[str]


def main(arguments: Sequence[str]) -> int:
    """Run one word and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese shows ?, it does not stop us
    word = arguments[0] if arguments else "help"
    if word not in WORDS:
        say(HELP)
        return 0 if word in {"help", "-h", "--help"} else 2
    try:
        return WORDS[word](arguments[1:])
    except SetupError as trouble:
        say(f"✘ {trouble}")
        return 1
    except KeyboardInterrupt:
        say("已中断。/ Stopped.")
        return 130


def say(line: str) -> None:
    """Print at once, so that lines stay in order with those of children."""
    print(line, flush=True)


def demo(_rest: Sequence[str]) -> int:
    """Plan the Dongkou campaign and make every document of it."""
    set_up("base")
    (ROOT / DEMO_OUT).mkdir(parents=True, exist_ok=True)
    plan = f"{DEMO_OUT}/plan.json"
    breeze = (PYTHON, "-P", "-c", BREEZE)
    planned = run([*breeze, "plan", DEMO, "-o", plan, "--seconds", "40", "--seed", "1"])
    if planned not in {0, PLAN_INCOMPLETE}:
        return planned
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    exported = run([*breeze, "export", DEMO, plan, "--kind", "all", "--now", now, "--out", DEMO_OUT])
    if exported == 0:
        say(f"✔ 全套文件在 / The pack is in: {ROOT / DEMO_OUT}")
    return exported or planned


def lint(_rest: Sequence[str]) -> int:
    """Check style, types, import contracts and budgets; all of them, even when one fails."""
    set_up("dev")
    return report([*check_style(), check("budgets", "-m", "pytest", "-q", "tests/test_budgets.py")])


def test(rest: Sequence[str]) -> int:
    """Run every check, then every test but the slow; with ``-- ARGS`` only pytest with those."""
    set_up("dev")
    if rest[:1] == ["--"]:
        return run([PYTHON, "-m", "pytest", *rest[1:]])
    pytest = ("-m", "pytest", "-n", "2", "--dist", "loadfile", "-m", "not slow")
    return report([*check_style(), check("pytest", *pytest)])


def bench(rest: Sequence[str]) -> int:
    """Measure plans beside those of other libraries, or time the hot pieces; the rest goes on to either."""
    if rest[:1] not in (["routing"], ["speed"], ["tours"]):
        say(HELP)
        return 2
    set_up("bench")
    if rest[0] == "speed":
        return run([PYTHON, "-m", "pytest", "tests/bench/test_speed.py", "--benchmark-only", *rest[1:]])
    return run([PYTHON, "-m", f"tests.bench.{rest[0]}", *rest[1:]])


def lock(rest: Sequence[str]) -> int:
    """Make the locks anew from pyproject.toml: universal, hashed, without index addresses."""
    uv = next(find_uv(), None)
    if uv is None:
        raise SetupError(NEED_UV)
    how = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
    for name, target in LOCKS.items():
        more = [] if name == "base" else ["--extra", name, "-c", LOCKS["base"]]
        if name == "bench":
            more += ["--extra", "dev", "-c", LOCKS["dev"]]
        code = run([uv, "pip", "compile", *how, *more, *rest, "pyproject.toml", "-o", target])
        if code:
            return code
    return 0


WORDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "bench": bench,
    "lock": lock,
}


def check_style() -> Iterator[tuple[str, bool]]:
    """Run what reads the code without running it."""
    yield check("ruff check", "-m", "ruff", "check", ".")
    yield check("ruff format", "-m", "ruff", "format", "--check", ".")
    yield check("basedpyright", "-m", "basedpyright")
    yield check("imports", "-c", "from importlinter.cli import lint_imports_command as run; run()")


def check(name: str, *arguments: str) -> tuple[str, bool]:
    """Run one tool of ``.venv`` and time it."""
    say(f"── {name}")
    begin = time.monotonic()
    passed = run([PYTHON, *arguments]) == 0
    say(f"── {name}: {'ok' if passed else 'FAILED'}, {time.monotonic() - begin:.1f} s")
    return name, passed


def report(results: Sequence[tuple[str, bool]]) -> int:
    """Name what failed, last, where it is seen."""
    failed = [name for name, passed in results if not passed]
    if failed:
        say("✘ 未通过 / Failed: " + ", ".join(failed))
    return 1 if failed else 0


def set_up(name: str) -> None:
    """Make ``.venv`` hold what the lock lists; at once when the stamp says that it does."""
    if is_ready(name):
        return
    with alone():
        if not is_ready(name):  # another dev.py may have done it while this one waited
            install(name)


def is_ready(name: str) -> bool:
    """Tell whether the stamp is that of this lock as it is now, or of one that holds all of it."""
    larger = {"base": ("dev", "bench"), "dev": ("bench",)}.get(name, ())
    return Path(PYTHON).exists() and read_stamp() in {make_stamp(lock) for lock in (name, *larger)}


def read_stamp() -> str:
    """Read what was last written; empty when this ``.venv`` is somebody else's."""
    with suppress(OSError):
        return STAMP.read_text(encoding="utf-8")
    return ""


def make_stamp(name: str) -> str:
    """Digest all that calls for another installation: lock, Python version, launcher, place on disk."""
    parts = (name, sys.version_info[:2], sys.implementation.name, LAUNCHER, ROOT)
    lock_bytes = (ROOT / LOCKS[name]).read_bytes()
    return f"{name} {hashlib.sha256(repr(parts).encode() + lock_bytes).hexdigest()}\n"


@contextmanager
def alone() -> Generator[None, None, None]:
    """Let one dev.py at a time change ``.venv``; where the system has no flock, hope."""
    handle = -1
    with suppress(ImportError, OSError):
        import fcntl  # noqa: PLC0415  not on Windows

        handle = os.open(ROOT, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


def install(name: str) -> None:
    """Try one way after another. What is interrupted stays marked unfinished and is begun anew next time."""
    say(f"正在按 {LOCKS[name]} 准备 .venv，首次约一分钟。/ Preparing .venv, about a minute the first time.")
    reuse = is_usable()
    failed: set[str] = set()
    for way in find_ways(LOCKS[name]):
        if way.installer in failed:
            continue
        if not (reuse and succeeds(way.probe)):
            reuse = False
            clear()
            if not (succeeds(way.make) and succeeds(way.probe)):
                continue
        STAMP.write_text(UNFINISHED, encoding="utf-8")
        if run(way.install) == 0:
            link_project()
            STAMP.write_text(make_stamp(name), encoding="utf-8")
            return
        failed.add(way.installer)
        reuse = False
    raise SetupError(NEED_PACKAGES if failed else NEED_VENV if sys.platform == "linux" else NEED_PYTHON)


def find_ways(lock_file: str) -> Iterator[Way]:
    """Give the ways to a filled ``.venv``, best first; pip first where uv is only off PATH."""
    what = ["--require-hashes", "--only-binary", ":all:", "-r", lock_file]
    calm = not sys.stderr.isatty()  # a person may watch the downloads, a log wants errors only
    uvs = [
        Way(
            installer="uv",
            make=[uv, "venv", "--allow-existing", "--python", OUTER_PYTHON, str(VENV)],
            probe=[uv, "--version"],
            install=[uv, "pip", "install", *["--quiet"] * calm, "--python", PYTHON, *what],
        )
        for uv in find_uv()
    ]
    if shutil.which("uv"):
        yield uvs.pop(0)
    venv = [OUTER_PYTHON, "-m", "venv", str(VENV)]
    install = ["install", *["-qq"] * calm, *what]
    inner = [PYTHON, "-m", "pip"]
    yield Way("pip", venv, [*inner, "--version"], [*inner, *install])
    outer = [OUTER_PYTHON, "-m", "pip", "--python", PYTHON]
    yield Way("pip", [*venv, "--without-pip"], [*outer, "--version"], [*outer, *install])
    yield from uvs


def find_uv() -> Iterator[str]:
    """Find uv on PATH, then where its own installers put it."""
    home = Path.home()
    for folders in (None, str(home / ".local" / "bin"), str(home / ".cargo" / "bin")):
        found = shutil.which("uv", path=folders)
        if found:
            yield found


def is_usable() -> bool:
    """Tell whether ``.venv`` is whole and of this Python version, so that only packages may differ."""
    wanted = f"sys.version_info[:2] == {sys.version_info[:2]} and sys.prefix != sys.base_prefix"
    return read_stamp() != UNFINISHED and succeeds([PYTHON, "-c", f"import sys; sys.exit(not ({wanted}))"])


def clear() -> None:
    """Begin ``.venv`` anew, marked unfinished from its first moment."""
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    STAMP.write_text(UNFINISHED, encoding="utf-8")


def link_project() -> None:
    """Make the project importable in ``.venv`` and put the command ``breeze`` there.

    The path in the .pth is relative: site.py may read one with Chinese in it in another encoding.
    """
    question = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    answer = subprocess.run(question, env=environment(), check=True, capture_output=True).stdout.decode()
    packages = Path(answer.strip())
    (packages / "spring-breeze.pth").write_text(os.path.relpath(ROOT, packages) + "\n", encoding="utf-8")
    launcher = BIN / ("breeze.cmd" if WINDOWS else "breeze")
    launcher.write_text(WINDOWS_LAUNCHER if WINDOWS else LAUNCHER, encoding="utf-8")
    launcher.chmod(0o755)


def environment() -> dict[str, str]:
    """Give children UTF-8 and ``.venv`` first, and keep the user's other Pythons out."""
    result = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH"}}
    result["PATH"] = str(BIN) + os.pathsep + result.get("PATH", os.defpath)
    result.update(VIRTUAL_ENV=str(VENV), PYTHONUTF8="1", PYTHONNOUSERSITE="1")
    result.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    return result


def run(command: Sequence[str]) -> int:
    """Run in the foreground. Ctrl-C reaches the child too: wait, it may have something to save."""
    interrupted = False
    with subprocess.Popen(command, cwd=ROOT, env=environment()) as child:
        while child.poll() is None:
            try:
                _ = child.wait()
            except KeyboardInterrupt:  # noqa: PERF203  this is what the loop is for
                interrupted = True
    if interrupted and child.returncode:
        raise KeyboardInterrupt
    return child.returncode


def succeeds(command: Sequence[str]) -> bool:
    """Run quietly; its complaints would only be about one way of several."""
    with suppress(OSError):
        done = subprocess.run(command, cwd=ROOT, env=environment(), check=False, capture_output=True)
        return done.returncode == 0
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
