# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a description of an interface (OpenAPI 3.1) says, with references followed and addresses whole."""

import re
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
_BESIDE_OPERATIONS = {"servers", "parameters", "summary", "description"}


def operations(document: Document) -> dict[tuple[str, str], Document]:
    """What a description offers, by method and whole path."""
    return {
        (method.upper(), base_of(document, item) + path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method not in _BESIDE_OPERATIONS
    }


def base_of(document: Document, item: dict[str, Any]) -> str:
    """What stands before the paths of an item."""
    servers: list[Document] = item["servers"] if "servers" in item else document["servers"]
    return str(servers[0]["url"]).rstrip("/")


def followed(document: Document, value: Any) -> Any:
    """A value, or what it refers to."""
    while isinstance(value, dict) and "$ref" in value:
        found: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def parameters(document: Document, operation: Document) -> list[Document]:
    """What an operation takes beside its body."""
    return [followed(document, one) for one in operation.get("parameters", ())]


def body_of(document: Document, operation: Document) -> Document | None:
    """The schema of what an operation reads as JSON."""
    content = operation.get("requestBody", {}).get("content", {})
    schema: Document | None = followed(document, content.get("application/json", {}).get("schema"))
    return schema


def properties(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every member of every message: the name of the message, that of the member, and its schema."""
    for name, schema in document["components"]["schemas"].items():
        for member, given in schema.get("properties", {}).items():
            yield name, member, given


def pattern_of(path: str) -> re.Pattern[str]:
    """What addresses, as they are read, a path with places in it stands for."""
    parts = re.split(r"(\{[^}]+\})", path)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts) + r"\Z")
