"""A walker over OpenAPI 2.0 documents: does an answer fit the schema of its response?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


class Contract:
    """One document, with everything that it refers to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.document = _read(path)

    def deviations(self, operation: str, status: int, answer: Any) -> list[str]:
        """What in an answer breaks the schema of an operation's response, by path."""
        schema = self._response(operation, status).get("schema")
        assert schema is not None, f"{operation} has no schema for {status}"
        return list(_walk(answer, schema, self.path, "$"))

    def definition(self, name: str, answer: Any) -> list[str]:
        """What in an answer breaks a definition of this document."""
        return list(_walk(answer, self.document["definitions"][name], self.path, "$"))

    def _response(self, operation: str, status: int) -> Any:
        for methods in self.document["paths"].values():
            for found in methods.values():
                if isinstance(found, dict) and found.get("operationId") == operation:
                    responses = found["responses"]
                    return responses.get(str(status), responses["default"])
        raise KeyError(operation)


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _resolve(schema: Any, base: Path) -> tuple[Any, Path]:
    while "$ref" in schema:
        file, _, pointer = schema["$ref"].partition("#/")
        base = (base.parent / file).resolve() if file else base
        schema = _read(base)
        for part in pointer.split("/"):
            schema = schema[part]
    return schema, base


def _walk(value: Any, schema: Any, base: Path, at: str) -> Iterator[str]:
    schema, base = _resolve(schema, base)
    if "discriminator" in schema and isinstance(value, dict):
        schema = _subtype(value, schema, base)
    kind = schema.get("type") or ("object" if "properties" in schema else None)
    if kind == "object" and not schema.keys() & {"properties", "additionalProperties", "allOf"}:
        return  # such as Resource Graph's rows, which are a list
    if kind and not _is(value, kind):
        yield f"{at} is {type(value).__name__}, not {kind}"
        return
    enumerated = schema.get("enum")
    if enumerated and value not in enumerated:
        yield f"{at} is {value!r}, not one of {enumerated}"
    if isinstance(value, dict):
        yield from _walk_object(value, schema, base, at)
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _walk(item, schema["items"], base, f"{at}[{index}]")


def _walk_object(value: dict[str, Any], schema: Any, base: Path, at: str) -> Iterator[str]:
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at} lacks {name}"
    for parent in schema.get("allOf", []):
        resolved, home = _resolve(parent, base)
        plain = {key: part for key, part in resolved.items() if key != "discriminator"}
        yield from _walk(value, plain, home, at)
    known = schema.get("properties", {})
    optional = set(value) - set(schema.get("required", []))
    for name, part in value.items():
        rule = known.get(name, schema.get("additionalProperties"))
        if isinstance(rule, dict) and not (part is None and name in optional):
            yield from _walk(part, rule, base, f"{at}.{name}")


def _subtype(value: dict[str, Any], schema: Any, base: Path) -> Any:
    wanted = value.get(schema["discriminator"])
    for name, found in _read(base)["definitions"].items():
        result = found.get("x-ms-discriminator-value", name)
        if result == wanted and _descends(found, schema, base):
            return found
    return {key: part for key, part in schema.items() if key != "discriminator"}


def _descends(found: Any, ancestor: Any, base: Path) -> bool:
    parents = [_resolve(parent, base)[0] for parent in found.get("allOf", [])]
    return any(parent is ancestor or _descends(parent, ancestor, base) for parent in parents)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])
