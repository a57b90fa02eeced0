# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every text that a person reads, with the place where it stands: `_()` in Python and templates, settings, and the rules' explanations.

Read off syntax trees, so that a sentence over two lines is one sentence. What engineers read (descriptions of messages in wire.py, docstrings,
exceptions that never leave a process) is not here.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
import yaml
from jinja2 import nodes

ROOT = Path(__file__).parents[2]
PACKAGES = ("audit", "policies", "process", "pseudonymisation", "register")
CALLS = frozenset({"_", "gettext", "ngettext"})
EXPLANATION = re.compile(r'^@toelichting\("(.*)"\)$', re.MULTILINE)
SENTENCES_OF_CONDITIONS = ("eis", "zin", "weg", "verklaring")


@dataclass(frozen=True, order=True)
class Text:
    """A text and where it stands: path from the top folder, and line."""

    path: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """`path:line`, as editors open it."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Texts:
    """All that a person reads: what passes through gettext (rules do so where they are shown), and the rest."""

    msgids: tuple[Text, ...]
    others: tuple[Text, ...]

    @property
    def all(self) -> tuple[Text, ...]:
        """Both."""
        return (*self.msgids, *self.others)


def everything() -> Texts:
    """Read it all, each file once."""
    wrapped: list[Text] = []
    described: list[Text] = []
    for path in _modules():
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        settings = path.endswith("settings.py")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node.func) in CALLS:
                wrapped += _texts(path, node.args)
            elif settings and isinstance(node, ast.keyword) and node.arg == "description":
                described += _texts(path, [node.value])
    return Texts((*wrapped, *template_texts(), *rule_texts()), tuple(described))


def _modules() -> Iterator[str]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix()


def _called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _texts(path: str, found: list[ast.expr]) -> list[Text]:
    return [
        Text(path, one.lineno, one.value)
        for one in found
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def template_texts() -> Iterator[Text]:
    """The arguments of `_()` in templates."""
    for path, tree in template_trees():
        for node in tree.find_all(nodes.Call):
            if isinstance(node.node, nodes.Name) and node.node.name in CALLS:
                for one in node.args:
                    if isinstance(one, nodes.Const) and isinstance(one.value, str):
                        yield Text(path, one.lineno, one.value)


def template_trees() -> Iterator[tuple[str, nodes.Template]]:
    """Every template of ours."""
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for path in sorted((ROOT / "register").rglob("templates/*.html")):
        yield path.relative_to(ROOT).as_posix(), environment.parse(path.read_text(encoding="utf-8"))


def rule_texts() -> Iterator[Text]:
    """What rules, conditions and profiles say of themselves."""
    for path in sorted((ROOT / "policies/rules").rglob("*.cedar")):
        content = path.read_text(encoding="utf-8")
        for found in EXPLANATION.finditer(content):
            line = content.count("\n", 0, found.start()) + 1
            yield Text(path.relative_to(ROOT).as_posix(), line, found[1])
    path = ROOT / "policies/rules/gedeeld/voorwaarden.yaml"
    content = path.read_text(encoding="utf-8")
    for condition in yaml.safe_load(content)["voorwaarden"].values():
        for name in SENTENCES_OF_CONDITIONS:
            if text := condition.get(name):
                line = content.count("\n", 0, max(content.find(text[:30]), 0)) + 1
                yield Text(path.relative_to(ROOT).as_posix(), line, text)
    for path in sorted((ROOT / "policies/rules").rglob("profile.yaml")):
        if notice := yaml.safe_load(path.read_text(encoding="utf-8"))["profile"].get("notice"):
            yield Text(path.relative_to(ROOT).as_posix(), 1, notice)
