# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The house rules that a linter does not know, read from the source of the project as it stands on disk.

Files think, folders touch the world; a process is a folder with an app.py; time and randomness arrive by the front door; identities are
reachable from the node only. Each rule is a function over a parsed file, tried on a file that breaks it before it judges ours.
"""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("audit", "policies", "process", "pseudonymisation", "register")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROCESSES = next(
    tuple(contract["modules"])
    for contract in PROJECT["tool"]["importlinter"]["contracts"]
    if contract["type"] == "independence"
)
IDENTITY = tuple(f"pseudonymisation.{module}" for module in ("identity", "normalise", "matchkeys", "stretch"))
WITHOUT_IDENTITY = (
    "register.central",
    "pseudonymisation.keyholder",
    "audit.signer",
    "audit.witness",
    "audit.verifier",
    "policies.desk",
)

WORLD = {
    *("asyncio", "http", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "ssl"),
    *("subprocess", "tempfile", "threading", "time", "urllib.request"),
    *("click", "fastapi", "httpx", "jinja2", "psycopg", "pydantic", "pydantic_settings", "requests"),
    *("sqlalchemy", "starlette", "uvicorn"),
}
"""Top-level modules that a rule may not import."""

MAY = {
    "process/command.py": {"click"},  # the dispatcher is the command line itself
    "wire.py": {"pydantic"},
}
"""Reasoned exceptions: a path, or the name of a file in any package."""


def python_files() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def project_files() -> list[Path]:
    """Everything that git has or would take in."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name)
    return sorted(path for path in paths if path.is_file())


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=shown(path))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def names_in(tree: ast.AST) -> set[str]:
    """Every dotted name that is used or imported, with `from a import b` written out as a.b."""
    aliases = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    used = set(imported(tree))
    for node in ast.walk(tree):
        head, dot, rest = dotted(node).partition(".")
        if head:
            used.add(aliases.get(head, head) + dot + rest)
    return used


def worldly(tree: ast.AST) -> set[str]:
    return {part for name in imported(tree) for part in WORLD if f"{name}.".startswith(f"{part}.")}


CLOCK = re.compile(
    r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime|ctime)"
)
ENVIRONMENT = re.compile(r"os\.(environ|environb|getenv|putenv)(\..*)?")
RANDOMNESS = re.compile(r"(random|secrets)(\..*)?|os\.(urandom|getrandom)|uuid\.uuid[14678]")


def reads(pattern: re.Pattern[str]) -> Callable[[ast.AST], set[str]]:
    return lambda tree: {name for name in names_in(tree) if pattern.fullmatch(name)}


def singletons(tree: ast.Module) -> set[str]:
    """Names that a module binds, when imported, to something that a process must be given."""
    calls = [
        n for n in tree.body if isinstance(n, ast.Assign | ast.AnnAssign) and isinstance(n.value, ast.Call)
    ]
    targets = [t for n in calls for t in (n.targets if isinstance(n, ast.Assign) else [n.target])]
    bound = {target.id.lower().lstrip("_") for target in targets if isinstance(target, ast.Name)}
    return bound & {"settings", "config", "app", "engine", "clock"}


def front_door(path: Path) -> bool:
    return path.name == "app.py"


def settings_or_front_door(path: Path) -> bool:
    return path.name in {"app.py", "settings.py"}


def clock_or_front_door(path: Path) -> bool:
    return front_door(path) or shown(path) == "process/serving/clock.py"


def offenders(rule: Callable[[ast.Module], set[str]], allowed: Callable[[Path], bool]) -> dict[str, set[str]]:
    found = {shown(path): rule(tree_of(path)) for path in python_files() if not allowed(path)}
    return {path: names for path, names in found.items() if names}


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (worldly, "from pathlib import Path"),
        (worldly, "def f():\n    import sqlite3"),
        (worldly, "from urllib import request"),
        (reads(CLOCK), "from datetime import datetime\nx = datetime.now()"),
        (reads(CLOCK), "import datetime\nx = datetime.date.today()"),
        (reads(CLOCK), "from time import time\nx = time()"),
        (reads(ENVIRONMENT), "import os\nx = os.environ['A']"),
        (reads(ENVIRONMENT), "from os import getenv"),
        (reads(RANDOMNESS), "import secrets\nx = secrets.token_bytes(1)"),
        (reads(RANDOMNESS), "from os import urandom as r\nr(1)"),
        (reads(RANDOMNESS), "from uuid import uuid4"),
        (singletons, "settings = Settings()"),
        (singletons, "app: FastAPI = create_app()"),
    ],
)
def test_a_rule_finds_what_breaks_it(rule: Callable[[ast.Module], set[str]], source: str) -> None:
    assert rule(ast.parse(source))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (worldly, "from collections.abc import Callable"),
        (worldly, "from urllib.parse import urlsplit"),
        (reads(CLOCK), "from datetime import datetime\nx = datetime.fromisoformat('2026-01-01')"),
        (reads(CLOCK), "def f(clock):\n    return clock.now()"),
        (reads(RANDOMNESS), "from process.serving.secrets import read_secret"),
        (reads(RANDOMNESS), "from uuid import UUID"),
        (singletons, "def f():\n    settings = Settings()"),
    ],
)
def test_a_rule_leaves_what_keeps_it(rule: Callable[[ast.Module], set[str]], source: str) -> None:
    assert not rule(ast.parse(source))


def rule_modules() -> list[Path]:
    """Files directly in a package, and the sub-packages that the import contracts call rules."""
    listed = {
        ROOT / module.replace(".", "/")
        for contract in PROJECT["tool"]["importlinter"]["contracts"]
        if contract["name"].startswith("rules touch no world")
        for module in contract["source_modules"]
    }
    folders = [ROOT / package for package in PACKAGES] + sorted(path for path in listed if path.is_dir())
    return [path for folder in folders for path in sorted(folder.glob("*.py")) if not front_door(path)]


def test_rules_touch_no_world() -> None:
    found = {}
    for path in rule_modules():
        allowed = MAY.get(shown(path), set()) | MAY.get(path.name, set())
        if names := worldly(tree_of(path)) - allowed:
            found[shown(path)] = names
    assert not found


def test_time_is_read_at_the_front_door_only() -> None:
    assert not offenders(reads(CLOCK), clock_or_front_door)


def test_the_environment_is_read_at_the_front_door_or_by_settings_only() -> None:
    assert not offenders(reads(ENVIRONMENT), settings_or_front_door)


def test_randomness_is_born_at_the_front_door_only() -> None:
    assert not offenders(reads(RANDOMNESS), front_door)


def test_nothing_is_built_when_a_module_is_imported() -> None:
    assert not offenders(singletons, lambda _path: False)


def test_pydantic_is_used_in_wire_and_settings_only() -> None:
    found = {
        shown(path): names
        for path in python_files()
        if path.name not in {"wire.py", "settings.py"}
        and (
            names := {n.partition(".")[0] for n in imported(tree_of(path))}
            & {"pydantic", "pydantic_settings"}
        )
    }
    assert not found


def test_sqlalchemy_is_used_in_stores_only() -> None:
    found = {
        shown(path)
        for path in python_files()
        if "store" not in path.parts
        and "sqlalchemy" in {n.partition(".")[0] for n in imported(tree_of(path))}
    }
    assert not found


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_is_a_folder_with_one_composition_root(process: str) -> None:
    folder = ROOT / process.replace(".", "/")
    assert {"app.py", "settings.py", "cli.py"} <= {path.name for path in folder.glob("*.py")}
    roots = [node.name for node in tree_of(folder / "app.py").body if isinstance(node, ast.FunctionDef)]
    assert "create_app" in roots


def test_there_is_no_drawer_called_utils() -> None:
    names = {"utils", "util", "helpers", "common", "misc"}
    assert not [shown(path) for path in python_files() if path.stem in names or path.parent.name in names]


def test_every_module_says_its_law() -> None:
    assert not [shown(path) for path in python_files() if not ast.get_docstring(tree_of(path))]


def test_every_python_file_names_its_copyright_and_licence() -> None:
    header = (
        "# SPDX-FileCopyrightText: 2026 The signaalregister founders\n# SPDX-License-Identifier: EUPL-1.2\n"
    )
    files = [path for path in project_files() if path.suffix == ".py"]
    assert files
    assert not [shown(path) for path in files if not path.read_text(encoding="utf-8").startswith(header)]


WALL = f"""
import importlib, pkgutil, sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name in {IDENTITY!r}:
            raise ImportError("the identity wall stands before " + name)

sys.meta_path.insert(0, Wall())
"""
WALK = """
package = importlib.import_module({package!r})
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not found.name.endswith(".migrations.env"):  # a script that only Alembic can run
        print(importlib.import_module(found.name).__name__)
"""


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("package", WITHOUT_IDENTITY)
def test_every_module_outside_the_node_imports_while_identity_is_walled_off(package: str) -> None:
    done = run_python(WALL + WALK.format(package=package))
    assert done.returncode == 0, done.stderr
    assert f"{package}.cli" in done.stdout.split()


@pytest.mark.parametrize("module", IDENTITY)
def test_the_identity_wall_stops_what_it_should(module: str) -> None:
    done = run_python(f"{WALL}\nimportlib.import_module({module!r})")
    assert f"the identity wall stands before {module}" in done.stderr
    assert run_python(f"import {module}").returncode == 0


REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "index-" + "url")
MACHINE = re.compile(r"(?<![\w.<])/(?:work|root|home/\w+|tmp/s)(?:/|\b(?![-.\w]))")


def texts() -> Iterator[tuple[str, str]]:
    for path in project_files():
        try:
            yield shown(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_package_registry() -> None:
    assert not [name for name, text in texts() if any(registry in text for registry in REGISTRIES)]


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    own = shown(Path(__file__))
    assert not [(name, found[0]) for name, text in texts() if name != own and (found := MACHINE.search(text))]


def locked(lines: list[str]) -> dict[str, int]:
    """Requirements of a compiled file, with the number of their hashes."""
    hashes: dict[str, int] = {}
    for line in lines:
        if re.match(r"[A-Za-z0-9]", line):
            hashes[line.split()[0]] = 0
        elif line.strip().startswith("--hash=sha256:"):
            hashes[list(hashes)[-1]] += 1
    return hashes


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_requirements_are_pinned_with_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    requirements = locked(text.splitlines())
    assert requirements
    assert not [name for name, hashes in requirements.items() if hashes == 0 or "==" not in name]
    assert "://" not in text


@pytest.mark.parametrize("name", ["run", "build", "test", "browser"])
def test_every_list_of_requirements_is_locked(name: str) -> None:
    pinned = locked((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines())
    wanted = {
        re.split(r"[\[~=<> ]", line)[0].lower()
        for line in (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
        if line and line[0] not in "#-"
    }
    assert wanted <= {re.split(r"[\[=]", pin)[0].lower() for pin in pinned}


def test_a_dependency_of_the_project_is_one_that_is_locked() -> None:
    declared = {re.split(r"[\[~=<> ]", line)[0] for line in PROJECT["project"]["dependencies"]}
    listed = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").splitlines()
    assert declared == {re.split(r"[\[~=<> ]", line)[0] for line in listed if line and line[0] not in "#-"}
