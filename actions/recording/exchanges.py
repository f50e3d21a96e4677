"""One exchange with Azure as a recording holds it: request and answer, without names or secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from actions.recording.addresses import place_of
from actions.recording.allowed import HEADER_VALUE, HEADERS
from actions.recording.bodies import Bodies
from actions.recording.pseudonyms import Pseudonyms
from actions.recording.texts import Texts
from collectors.connection.cloud import Cloud
from collectors.connection.exchanges import Exchange
from collectors.sources import api_of


class Pseudonymiser:
    """Makes what may be kept of each exchange with one cloud, by one key."""

    def __init__(self, cloud: Cloud, tags: Mapping[str, tuple[str, ...]]) -> None:
        """`tags` are the tag names that the settings give a meaning, by meaning."""
        self._cloud = cloud
        self._texts = Texts(cloud, Pseudonyms())
        self._bodies = Bodies(self._texts, tags)

    def text(self, text: str) -> str:
        """An id or a name that the answers speak of too."""
        return self._texts.hidden(text)

    def kept_of(self, exchange: Exchange) -> dict[str, Any]:
        """The exchange as it is recorded; an answer that did not come is null."""
        return {
            "interface": api_of(exchange.url).name,
            "request": self._request(exchange),
            "answer": None if exchange.status is None else self._answer(exchange, exchange.status),
        }

    def _request(self, exchange: Exchange) -> dict[str, Any]:
        place = place_of(self._cloud, exchange.url)
        assert place is not None, "the connection lets nothing out to another host"
        path, query = self._texts.place(place)
        body, _is_json = _parsed(exchange.sent)
        return {
            "method": exchange.method,
            "path": path,
            "query": dict(query),
            "body": self._bodies.request(body),
        }

    def _answer(self, exchange: Exchange, status: int) -> dict[str, Any]:
        body, is_json = _parsed(exchange.content)
        answer = {
            "status": status,
            "headers": _headers(exchange.headers),
            "body": self._bodies.answer(body),
        }
        return answer if is_json else answer | {"bytes_that_are_no_json": len(exchange.content)}


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    """What they say of waiting; everything else is dropped."""
    return {
        name.lower(): value
        for name, value in headers.items()
        if HEADERS.fullmatch(name) and HEADER_VALUE.fullmatch(value)
    }


def _parsed(content: bytes) -> tuple[Any, bool]:
    """The JSON of a body and whether it was any; an empty body is null."""
    if not content.strip():
        return None, True
    try:
        return json.loads(content), True
    except (ValueError, UnicodeDecodeError):
        return None, False
