# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who chose English and reads every page they can reach, for a test that no Dutch is left on them.

They sign in, follow every link of their own pages, and send each form that only asks for a page (a case, a month, a step deeper); nothing that changes
anything. Of pages that differ in an id only the first is read.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

DUTCH: Final = re.compile(
    r"\b(aan|alle|als|bij|dan|dat|de|deze|dit|een|en|er|geen|hebt|het|hij|hoe|kunt|maar|mag|met|meer|moet|naar|niet|nog|ook|om|onder|op|staat|te|tot|"
    r"uit|uw|van|voor|waar|waarom|wat|welke|werd|wie|wordt|zij|zijn|zoals|u)\b",
    re.IGNORECASE,
)
"""Words that a Dutch sentence hardly does without, and an English one does."""

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)|C-[0-9A-Z]{4}-[0-9A-Z]{4}|\d{4}-\d\d")
_NO_PAGE = re.compile(
    r"afmelden|even-weg|\.(pdf|json|pyz|csv|txt|css|js|svg|ics)$|/static/|/openapi|/tlog|/bewijs"
)
_CHOSEN: Final = {"radio", "checkbox"}
_SHOWN: Final = {"alt", "aria-label", "placeholder", "title"}


class Page(HTMLParser):
    """What of a page is read: texts, links and forms."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._silent = self._foreign = 0
        self._open: Form | None = None
        self._choice = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self._silent += tag in {"style", "script"}
        self.texts += [said[name] for name in sorted(_SHOWN & said.keys()) if said[name]]
        if tag == "a":
            # A link to the page in another language is named in that language.
            self._foreign += said.get("lang") == "nl"
            self.links.append(said.get("href", ""))
        elif tag == "form":
            self._open = Form(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._control(tag, said)

    def _control(self, tag: str, said: Mapping[str, str]) -> None:
        form = self._open
        assert form is not None
        name = said.get("name", "")
        if tag == "select":
            self._choice = name
        elif tag == "option" and self._choice:
            form.choices.setdefault(self._choice, []).append(said.get("value", ""))
        elif (
            tag in {"input", "textarea"} and name and said.get("type") not in {"submit", "radio", "checkbox"}
        ) or (tag == "button" and name):
            form.values[name] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"}
        if tag == "a":
            self._foreign = 0
        elif tag == "form":
            self._open = None
        elif tag == "select":
            self._choice = ""

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent and not self._foreign:
            self.texts.append(" ".join(data.split()))


@dataclass
class Form:
    """A form: where it goes, what it sends when nothing is typed, and what can be chosen."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Reader:
    """Somebody with a browser of their own.

    Attributes:
        client: of the process where they work; it follows where it is led.
        texts: the Dutch of each text that has an English one.
        known: what may be read in Dutch, because somebody recorded it so: names, tasks, decisions, and the articles of a law.
        cases: path of a form -> what is filled in there; forms that lead elsewhere are left alone.
        most: pages to read.
        read: places that were read.
        left: "place: text" of every text in which a Dutch word is left.
    """

    client: httpx.Client
    texts: AbstractSet[str]
    known: re.Pattern[str]
    cases: Mapping[str, Mapping[str, str]]
    most: int = 80
    read: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)

    def sign_in(self, name: str, password: str) -> None:
        """Choose English, and sign in."""
        page = Page(self.client.get("/aanmelden?taal=en").text)
        form = next(one for one in page.forms if "wachtwoord" in one.values)
        chosen = {choice: next(one for one in values if one) for choice, values in form.choices.items()}
        said = {**form.values, **chosen, "gebruikersnaam": name, "wachtwoord": password}
        answer = self.client.post("/aanmelden", data=said)
        assert answer.status_code == 200, answer.text
        self._look(answer)

    def walk(self) -> None:
        """Read everything."""
        waiting = ["/"]
        while waiting and len(self.read) < self.most:
            path = waiting.pop(0)
            place = _place(path)
            if place in self.read:
                continue
            self.read.add(place)
            waiting += self._look(self.client.get(path))

    def _look(self, answer: httpx.Response) -> list[str]:
        """Read one page and what its forms lead to; gives the links on them."""
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        page, place = Page(answer.text), _place(answer.url.path)
        assert answer.status_code < 500, f"{place}: {page.texts}"
        self.left += [f"{place}: {text}" for text in page.texts if self._dutch(text)]
        links = [one for one in (urljoin(str(answer.url), link) for link in page.links) if self._own(one)]
        for form in page.forms:
            links += self._send(answer, form)
        return [urlsplit(one).path for one in links]

    def _send(self, answer: httpx.Response, form: Form) -> list[str]:
        action = urlsplit(urljoin(str(answer.url), form.action or str(answer.url))).path
        said = self.cases.get(_place(action))
        place = f"{form.method} {_place(action)}"
        if said is None or place in self.read:
            return []
        self.read.add(place)
        chosen = {name: next((one for one in values if one), "") for name, values in form.choices.items()}
        sent = {**chosen, **form.values, **{name: value for name, value in said.items() if value}}
        if form.method == "post":
            return self._look(self.client.post(action, data=sent))
        return self._look(self.client.get(action, params=sent))

    def _dutch(self, text: str) -> bool:
        unknown = self.known.sub("", text).strip()
        return bool(unknown) and (text in self.texts or bool(DUTCH.search(unknown)))

    def _own(self, link: str) -> bool:
        return urlsplit(link).netloc == self.client.base_url.netloc.decode() and not _NO_PAGE.search(
            urlsplit(link).path
        )


def _place(path: str) -> str:
    return _ID.sub("N", urlsplit(path).path)
