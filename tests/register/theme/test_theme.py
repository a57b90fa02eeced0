# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the shared pages: escaped, Dutch, usable with a screen reader, and content with a strict policy."""

import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from process.problem import FieldError, Refusal
from register.theme import (
    STATIC,
    STATIC_PATH,
    Frame,
    NavigationItem,
    Visitor,
    assets,
    environment,
    security_headers,
)

ATTACK = '"><script>alert(1)</script>'
FOREIGN_SCRIPT = rf'<script(?! type="module" src="{STATIC_PATH}/[0-9a-f]+/[a-z]+\.mjs"></script>)'
"""Anything but a module of ours: none inline, none from elsewhere."""
REFUSAL = Refusal(
    400,
    "te-weinig",
    "Uw vraag is niet gesteld.",
    "Op alleen een naam geeft het register geen antwoord.",
    way_forward="Vraag ook naar een telefoonnummer.",
    fields=(FieldError("attributen", "Alleen een naam is te weinig."),),
    rule="C3",
)
FRAME = Frame(
    "Gemeente Voorbeeldstad",
    "oefening",
    Visitor("J. Jansen", "toezichthouder", "Gemeente Voorbeeldstad"),
    (NavigationItem("/", "Elders gezien?", current=True), NavigationItem("/signalen", "Signalen")),
    csrf="token-of-this-session",
    ends=("14:32", 1800),
)
EVERYTHING = """
{% extends "basis.html" %}
{% block titel %}Alles{% endblock %}
{% block kruimels %}{{ onderdelen.breadcrumb([("/", "Begin")], "Alles") }}{% endblock %}
{% block main %}
<h1>Alles</h1>
{{ onderdelen.error_summary([("text", "Fout in tekst")]) }}
{{ onderdelen.problem(refusal) }}
{% call onderdelen.answer_card("bekend_elders", "Bekend elders", [("Wanneer", ["eerst", "later"])]) %}<p>Bel.</p>{% endcall %}
{{ onderdelen.answer_card("niet_bekend", "Niet bekend", id="tweede") }}
{{ onderdelen.text_field("text", "Tekst", attack, "Uitleg", "Fout in tekst") }}
{{ onderdelen.date_field("date", "Datum", required=false) }}
{{ onderdelen.date_field("day", "Dag") }}
{{ onderdelen.select_field("select", "Keuze", [("a", attack), ("b", "B")], "b") }}
{{ onderdelen.textarea_field("area", "Verslag", attack) }}
{{ onderdelen.checkbox_group("boxes", "Vakjes", [("x", "X"), ("y", "Y")], ["y"], error="Kies er een") }}
{{ onderdelen.radio_group("radio", "Rondjes", [("x", "X"), ("y", "Y")], "x") }}
{{ onderdelen.table("Tabel", ["Naam", "Aantal"], [[attack, 1]], [1]) }}
{{ onderdelen.table("Leeg", ["Naam"], []) }}
{{ onderdelen.submit_button("Verstuur") }}
{{ onderdelen.badge("overig") }}
{% call onderdelen.alert("ok", "Bewaard") %}<p>Goed.</p>{% endcall %}
{% endblock %}
"""


class Page(HTMLParser):
    """Elements of a page with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture
def everything(tmp_path: Path) -> str:
    (tmp_path / "alles.html").write_text(EVERYTHING, encoding="utf-8")
    return (
        environment(tmp_path).get_template("alles.html").render(frame=FRAME, refusal=REFUSAL, attack=ATTACK)
    )


def page(name: str, frame: Frame = FRAME, **context: object) -> str:
    return environment().get_template(name).render(frame=frame, **context)


def test_what_a_user_typed_is_never_markup(everything: str) -> None:
    assert not re.search(FOREIGN_SCRIPT, everything)
    assert everything.count("&lt;script&gt;") == 4


def test_an_unknown_variable_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment().get_template("fout.html").render(frame=FRAME)


def test_a_page_speaks_dutch_and_has_one_main_and_one_first_heading(everything: str) -> None:
    parsed = Page(everything)
    assert parsed.all("html")[0]["lang"] == "nl"
    assert len(parsed.all("main")) == len(parsed.all("h1")) == 1


def test_the_first_link_leads_to_the_content(everything: str) -> None:
    parsed = Page(everything)
    assert parsed.all("a")[0]["href"] == "#" + parsed.all("main")[0]["id"]


def test_ids_are_unique_and_every_reference_has_its_target(everything: str) -> None:
    parsed = Page(everything)
    ids = [attributes["id"] for _tag, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    references = [
        target
        for _tag, attributes in parsed.elements
        for name in ("for", "aria-describedby", "aria-labelledby")
        for target in attributes.get(name, "").split()
    ]
    links = [a["href"][1:] for a in parsed.all("a") if a["href"].startswith("#")]
    assert references
    assert links
    assert set(references + links) <= set(ids)


def test_every_control_has_a_label(everything: str) -> None:
    parsed = Page(everything)
    labelled = {label["for"] for label in parsed.all("label")}
    controls = [c for c in parsed.all("input", "select", "textarea") if c.get("type") != "hidden"]
    assert len(controls) == 9
    assert {control["id"] for control in controls} == labelled


def test_an_error_is_tied_to_its_control_and_announced(everything: str) -> None:
    field = next(c for c in Page(everything).all("input") if c["name"] == "text")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "text-uitleg text-fout"


def test_choices_keep_what_was_chosen(everything: str) -> None:
    parsed = Page(everything)
    assert [option["value"] for option in parsed.all("option") if "selected" in option] == ["b"]
    assert [(box["name"], box["value"]) for box in parsed.all("input") if "checked" in box] == [
        ("boxes", "y"),
        ("radio", "x"),
    ]


def test_a_browser_remembers_no_value_unless_asked(everything: str) -> None:
    texts = [c for c in Page(everything).all("input", "textarea") if c.get("type") in {"text", "date", None}]
    assert texts
    assert all(control["autocomplete"] == "off" for control in texts)


@pytest.mark.parametrize(
    "forbidden", [r"\sstyle=", r"<style", r"\son[a-z]+=", r"javascript:", FOREIGN_SCRIPT]
)
def test_pages_need_nothing_that_the_policy_forbids(forbidden: str, everything: str) -> None:
    pages = [everything, page("aanmelden.html", error="Onjuist."), page("fout.html", refusal=REFUSAL)]
    assert not [html for html in pages if re.search(forbidden, html)]


def test_every_file_that_a_page_loads_is_ours_and_exists(everything: str) -> None:
    parsed = Page(everything)
    loaded = [link["href"] for link in parsed.all("link")] + [one["src"] for one in parsed.all("script")]
    assert len(loaded) == 5
    for address in loaded:
        own = assets.address(STATIC_PATH, STATIC)
        assert address.startswith(f"{own}/")
        assert (STATIC / address.removeprefix(f"{own}/")).is_file()


def test_stylesheets_load_nothing_from_elsewhere() -> None:
    for path in STATIC.rglob("*.css"):
        addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text(encoding="utf-8"))
        # A picture inside the stylesheet of a component that we do not use; the policy would refuse it.
        for address in (a for a in addresses if not a.startswith("data:")):
            assert (path.parent / address).is_file(), f"{path.name}: {address}"


def test_own_classes_in_templates_are_in_the_stylesheet(everything: str) -> None:
    css = (STATIC / "signaalregister.css").read_text(encoding="utf-8")
    used = {
        name
        for _tag, attributes in Page(everything).elements
        for name in attributes.get("class", "").split()
        if name.startswith("sr-")
    }
    neutral = {"sr-answer--niet-bekend"}
    assert used - neutral
    assert not [name for name in used - neutral if f".{name}" not in css]


def test_an_exercise_says_so_on_every_page_and_nothing_else_does() -> None:
    assert "OEFENING" in page("aanmelden.html")
    assert "OEFENING" not in page("aanmelden.html", Frame("Landelijk register", "riec-wgs"))


def test_a_profile_that_the_law_leaves_open_says_so_on_every_page_and_nothing_else_does() -> None:
    unsettled = "Of dat mag, staat in de wet niet vast."
    assert unsettled in page("aanmelden.html", Frame("Landelijk register", "convenant-overig"))
    for other in ("oefening", "riec-wgs"):
        assert unsettled not in page("aanmelden.html", Frame("Landelijk register", other))


def test_without_a_visitor_there_is_no_menu_and_no_way_to_log_out() -> None:
    html = page("aanmelden.html", Frame("Landelijk register", "oefening"))
    assert "/afmelden" not in html
    assert not Page(html).all("nav")


def test_the_current_page_is_marked_in_the_menu(everything: str) -> None:
    links = [a for a in Page(everything).all("a") if "sr-navigation__link" in a.get("class", "")]
    assert [a["href"] for a in links if a.get("aria-current") == "page"] == ["/"]


def test_every_form_that_changes_something_carries_the_token() -> None:
    html = page("aanmelden.html")
    forms = [form for form in Page(html).all("form") if form["method"] == "post"]
    tokens = [field for field in Page(html).all("input") if field["name"] == "csrf"]
    assert len(forms) == len(tokens) == 2
    assert {token["value"] for token in tokens} == {"token-of-this-session"}


def test_a_refusal_says_what_why_and_what_now() -> None:
    html = page("fout.html", refusal=REFUSAL)
    for part in (REFUSAL.title, REFUSAL.detail, REFUSAL.way_forward, "Alleen een naam is te weinig.", "C3"):
        assert part in html
    assert 'href="/"' in html


def test_logging_in_never_says_which_of_the_two_was_wrong() -> None:
    fields = [f for f in Page(page("aanmelden.html", error="Onjuist.")).all("input") if f["name"] != "csrf"]
    assert [f["type"] for f in fields] == ["text", "password"]
    assert not [f for f in fields if "aria-invalid" in f]
    assert not [f for f in fields if f["value"]]


def test_headers_refuse_everything_that_is_not_named() -> None:
    headers = security_headers()
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy.pop("default-src") == policy.pop("frame-ancestors") == policy.pop("base-uri") == "'none'"
    assert set(policy.values()) == {"'self'"}
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_vendored_files_stay_small_and_carry_their_licence() -> None:
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (folder / "LICENSE.md").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) < 300_000
