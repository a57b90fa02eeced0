# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A person with pages and no script: signs in, follows links, sees every form, fills one in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

_NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]+)+|[0-9]+")
_TYPED = {"input", "select", "textarea", "button"}


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and its inputs with what is in them."""

    method: str
    action: str
    inputs: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
        elif tag in _TYPED and given.get("name") and self.forms:
            # A box that is not ticked sends nothing.
            ticked = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            self.forms[-1].inputs.setdefault(given["name"], given.get("value", "") if ticked else "")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


@dataclass(frozen=True)
class Page:
    """One page as it came back."""

    address: str
    status: int
    forms: tuple[Form, ...]
    links: tuple[str, ...]
    text: str

    @classmethod
    def of(cls, answer: httpx.Response) -> "Page":
        reader = _Reader()
        reader.feed(answer.text)
        return cls(
            str(answer.url),
            answer.status_code,
            tuple(reader.forms),
            tuple(reader.links),
            " ".join(reader.text),
        )


class Visitor:
    """Somebody signed in at their own pages; use it as a context manager."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=120, trust_env=False, follow_redirects=True)
        self._credentials = {"gebruikersnaam": name, "wachtwoord": password}

    def __enter__(self) -> Self:
        arrived = self.fill_in("/aanmelden", self._credentials)
        assert not arrived.address.endswith("/aanmelden"), "signing in failed"
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def open(self, path: str) -> Page:
        """Look at a page."""
        return Page.of(self._http.get(path))

    def fill_in(self, path: str, filled: Mapping[str, str]) -> Page:
        """Fill in the one form of a page that has these inputs, and send it."""
        page = self.open(path)
        form = next(one for one in page.forms if filled.keys() <= one.inputs.keys())
        sent = {name: text for name, text in {**form.inputs, **filled}.items() if text}
        return Page.of(self._http.request(form.method, urljoin(page.address, form.action), data=sent))

    def everywhere(self) -> Iterator[Page]:
        """Every page that a link leads to from the first, one of each kind, without leaving the site or signing out."""
        waiting, seen = ["/"], set()
        while waiting:
            path = waiting.pop()
            kind = _NUMBER.sub("N", path)
            if kind in seen:
                continue
            seen.add(kind)
            page = self.open(path)
            yield page
            for link in page.links:
                parts = urlsplit(link)
                if not parts.netloc and parts.path.startswith("/") and "afmelden" not in parts.path:
                    waiting.append(parts.path)
