# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: INP001 - a script that is run by its path, not a module
"""Cut the stylesheets of NL Design System down to what the pages use. Run by a developer, when a new version is taken in.

Input are the two npm packages, unpacked (`npm pack NAME@VERSION`, `tar xzf`); output is one folder per package in
register/theme/static/vendor/. Only whole rules and whole custom properties are left out; nothing is rewritten, so that a reader can lay
the result beside the original. In order: components are kept by the class name that a selector starts with; then the custom
properties that those rules, or our own stylesheet, reach directly or through one another.

    python scripts/vendor_theme.py FOLDER_OF_COMPONENTS FOLDER_OF_TOKENS
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

THEME = Path(__file__).parents[1] / "register" / "theme"
COMPONENTS = [
    "action-group",
    "alert",
    "badge-list",
    "body",
    "breadcrumb-nav",
    "button",
    "button-group",
    "checkbox",
    "code",
    "data-list",
    "document",
    "form-field",
    "form-field-description",
    "form-field-error-message",
    "form-fieldset",
    "form-label",
    "heading-1",
    "heading-2",
    "heading-3",
    "heading-4",
    "link",
    "link-list",
    "nav-bar",
    "number-data",
    "ordered-list",
    "page",
    "page-body",
    "page-content",
    "page-footer",
    "page-header",
    "page-layout",
    "paragraph",
    "pre-heading",
    "radio-button",
    "root",
    "select",
    "separator",
    "skip-link",
    "status-badge",
    "table",
    "table-container",
    "textarea",
    "textbox",
    "unordered-list",
]
KEPT = re.compile(rf"^\.utrecht-(?:{'|'.join(COMPONENTS)})(?!-?[a-z0-9])")
CLASS = re.compile(r"\.utrecht-[a-z0-9-]+")
REFERENCE = re.compile(r"var\(\s*(--[a-z0-9-]+)")
PROPERTY = re.compile(r"^  (--[a-z0-9-]+):", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def main(components: Path, tokens: Path) -> None:
    """Write both cut stylesheets, with their licences."""
    css = kept_rules(COMMENT.sub("", (components / "dist" / "index.css").read_text(encoding="utf-8")))
    own = (THEME / "static" / "signaalregister.css").read_text(encoding="utf-8")
    write(components, "components.css", css)
    write(
        tokens, "tokens.css", reached((tokens / "dist" / "theme.css").read_text(encoding="utf-8"), css + own)
    )


def write(package: Path, name: str, css: str) -> None:
    """Put one stylesheet and the package's licence into the vendor folder, and say where it came from."""
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    folder = THEME / "static" / "vendor" / f"{about['name'].split('/')[-1]}-{about['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    origin = (
        f"/* Cut by scripts/vendor_theme.py from {about['name']} {about['version']}, {about['license']}. */\n"
    )
    (folder / name).write_text(origin + css, encoding="utf-8")
    shutil.copyfile(package / "LICENSE.md", folder / "LICENSE.md")


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Split a stylesheet, or the body of an at-rule, into (prelude, body) pairs."""
    depth, start, opened = 0, 0, 0
    for place, character in enumerate(css):
        if character == "{":
            depth += 1
            opened = opened if depth > 1 else place
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].rpartition(";")[2].strip(), css[opened + 1 : place].strip("\n")
                start = place + 1


def kept_rules(css: str) -> str:
    """The rules whose selectors start with a component in use; in a list of selectors, only those selectors."""
    kept = []
    for prelude, body in rules(css):
        if prelude.startswith("@"):
            inner = kept_rules(body)
            kept += [f"{prelude} {{\n{inner}}}\n"] if inner else []
            continue
        selectors = [s.strip() for s in prelude.split(",\n")]
        wanted = [s for s in selectors if KEPT.match(s) and all(KEPT.match(c) for c in CLASS.findall(s))]
        if wanted:
            kept.append(f"{(',' + chr(10)).join(wanted)} {{\n{body}\n}}\n")
    return "".join(kept)


def reached(tokens: str, css: str) -> str:
    """The custom properties that a stylesheet reaches, directly or through one another."""
    values = {PROPERTY.findall(line)[0]: line for line in tokens.splitlines() if PROPERTY.match(line)}
    wanted: set[str] = set()
    frontier = set(REFERENCE.findall(css))
    while frontier := {name for name in frontier if name in values} - wanted:
        wanted |= frontier
        frontier = {name for found in frontier for name in REFERENCE.findall(values[found])}
    return (
        ".voorbeeld-theme {\n"
        + "".join(f"{line}\n" for name, line in values.items() if name in wanted)
        + "}\n"
    )


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
