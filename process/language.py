# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A sentence is Dutch, and is read in the language of whoever asks (ADR 51).

The law:

1. `gettext` gives a `Sentence`: a string whose value is the Dutch msgid, whatever is spoken. Compared, hashed, joined, stored, logged or sent as JSON it is
   Dutch, so nothing that is kept depends on who looked. Made at import or in a request, it is the same.
2. Where a sentence is shown (`str()`, `format()`, an f-string, a template), it is given in the language that is spoken there. A text that the catalogue
   lacks stays Dutch: a reader rather meets Dutch than nothing.
3. What is spoken holds for one request and the threads it starts, and for nothing else. Nobody has set it: Dutch.
4. It is said with `speaking`: by the door (process.serving.language), and in Dutch by who keeps a refusal in its words.

Left to others: reading catalogues and choosing a language (process.serving.language), texts of the command line (process.app).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape
from typing import Final, SupportsIndex

DUTCH: Final = "nl"
ENGLISH: Final = "en"


@dataclass(frozen=True)
class Language:
    """A language that can be spoken.

    Attributes:
        code: BCP 47, as `<html lang>` and `Content-Language` have it.
        look_up: Dutch msgid to text; the msgid itself where there is none.
    """

    code: str
    look_up: Callable[[str], str]


def _as_it_is(text: str) -> str:
    return text


_PLAIN: Final = Language(DUTCH, _as_it_is)
_SPOKEN: Final[ContextVar[Language]] = ContextVar("spoken", default=_PLAIN)


class Sentence(str):
    """A Dutch text that is shown in the language that is spoken."""

    __slots__ = ()

    def __str__(self) -> str:
        """The text in the language that is spoken."""
        return _SPOKEN.get().look_up(str.__str__(self)) if len(self) else ""

    def __format__(self, spec: str) -> str:
        """As `str`, for f-strings and for a place in another sentence."""
        return format(str(self), spec)

    def __html__(self) -> str:
        """As `str`, for templates: escaped."""
        return escape(str(self), quote=False).replace('"', "&#34;").replace("'", "&#39;")

    def format(self, *args: object, **kwargs: object) -> str:
        """Fill in the places of the text in the language that is spoken."""
        return str(self).format(*args, **kwargs)

    def __add__(self, other: str) -> str:
        """Beside another text, as both are shown."""
        return str(self) + str(other)

    def __radd__(self, other: str) -> str:
        """Beside another text, as both are shown."""
        return str(other) + str(self)

    def __getnewargs__(self) -> tuple[str]:
        """A copy is a sentence too."""
        return (str.__str__(self),)

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        """A part of the text as it is shown."""
        return str(self)[key]


class Filled(Sentence):
    """A sentence with its places filled in: Dutch as a string, and shown in the language that is spoken when it is read."""

    form: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        """The form in the language that is spoken, filled in."""
        return self.form.format(**self.values)


def later(form: str, /, **values: object) -> str:
    """Fill in the places of a sentence that is kept for readers of either language: `later(_("Regel {regel} is weg."), regel=name)`."""
    with speaking(None):
        made = Filled(form.format(**values))
    made.form, made.values = gettext(form), values
    return made


def gettext(message: str) -> str:
    """The sentence; import it as `_`. Also of a text that came from elsewhere, such as a member of an answer or a rule's explanation of itself."""
    return message if isinstance(message, Sentence) else Sentence(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for that number: Dutch and English have the same two forms."""
    return Sentence(one if number == 1 else many)


def together(texts: Iterable[str], between: str = ", ") -> str:
    """Texts in a row, each in the language that is spoken: what `str.join` puts together is Dutch."""
    return between.join(str(gettext(text)) for text in texts)


def capital(text: str) -> str:
    """The text as it is shown, with a capital in front."""
    said = str(gettext(text))
    return f"{said[:1].upper()}{said[1:]}"


def spoken() -> str:
    """The code of the language that is spoken."""
    return _SPOKEN.get().code


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Speak a language, or Dutch for None, until the end of the block."""
    token = _SPOKEN.set(language or _PLAIN)
    try:
        yield
    finally:
        _SPOKEN.reset(token)
