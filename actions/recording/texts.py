"""A text without what is somebody's in it: ids, links and questions keep their build."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlencode, urlsplit

from actions.recording.addresses import HOST, Place, place_of
from actions.recording.allowed import (
    ASSETS,
    COLLECTIONS,
    GUID,
    NAMESPACES,
    NOT_NAMES,
    QUESTIONS,
    TIME,
    is_type,
    keeps,
)
from actions.recording.pseudonyms import Pseudonyms
from collectors.connection.cloud import Cloud

_ARM_ID = re.compile(r"/?(subscriptions|providers|tenants)/.+", re.IGNORECASE | re.DOTALL)
_URL = re.compile(r"https?://.+", re.IGNORECASE | re.DOTALL)
_IN_REGISTRY = "azureml://"
_ASSET = "azureml:"
_NAME_AND_VERSION = re.compile(r"([^:/\s]+):(\d{1,4})")
# A tag of a bill as one text: "name":"value".
_TAG = re.compile(r'"(azureml(?:endpoint|deployment))":"([^"]*)"', re.IGNORECASE)
_LOG_VERSION = "/v1"
_PARAMETER = re.compile(r"\$?[a-z-]{1,24}", re.IGNORECASE)
_GUIDS = re.compile(GUID.pattern, re.IGNORECASE)
# What is quoted in a question, and the field that it is compared with, where one stands before it.
_QUOTED = re.compile(
    r"(?:(?P<field>[\w.$]+)\s*(?:eq|ne|==|=~|!=|in~|in)\s*\(?\s*)?"
    r"(?P<quote>['\"])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)",
    re.IGNORECASE | re.DOTALL,
)


class Texts:
    """Replaces texts of one cloud by the pseudonyms of one recording."""

    def __init__(self, cloud: Cloud, pseudonyms: Pseudonyms) -> None:
        """Keep both."""
        self._cloud = cloud
        self._pseudonyms = pseudonyms

    def kept_or_hidden(self, path: tuple[str, ...], text: str) -> str:
        """The text of a field as it is where the list allows it, else without what is hidden."""
        if keeps(path, text):
            return text
        if path and path[-1] in ASSETS and (found := _NAME_AND_VERSION.fullmatch(_bare(text))):
            start = text[: len(text) - len(_bare(text))]
            return f"{start}{self._pseudonyms.name(found[1])}:{found[2]}"
        return self.hidden(text)

    def hidden(self, text: str) -> str:
        """The text with everything replaced but its build."""
        if not text.strip():
            return ""
        if GUID.fullmatch(text.strip()):
            return self._pseudonyms.guid(text)
        if text.lower().startswith(_IN_REGISTRY):
            return text[: len(_IN_REGISTRY)] + self.path(text[len(_IN_REGISTRY) :])
        if text.lower().startswith(_ASSET):
            return text[: len(_ASSET)] + self.hidden(text[len(_ASSET) :])
        if _ARM_ID.fullmatch(text):
            return self.path(text)
        if _URL.fullmatch(text) and _is_link(text):
            return self._link(text)
        if found := _TAG.fullmatch(text):
            return f'"{found[1]}":"{self.hidden(found[2])}"'
        return self._pseudonyms.name(text)

    def path(self, text: str) -> str:
        """An ARM id or path, which is kinds of things and their names by turns."""
        words: list[str] = []
        kind = ""
        for word in text.split("/"):
            if not word:
                words.append(word)
            elif kind:
                words.append(self._named(kind, word))
                kind = ""
            else:
                kind = word.lower()
                words.append(word if kind in COLLECTIONS else self._pseudonyms.name(word))
        return "/".join(words)

    def place(self, place: Place) -> tuple[str, list[tuple[str, str]]]:
        """Path and query of a request to the cloud."""
        version = _LOG_VERSION if place.path.lower().startswith(f"{_LOG_VERSION}/") else ""
        path = version + self.path(place.path[len(version) :])
        return place.start + path, list(self._pairs(place.query))

    def question(self, text: str) -> str:
        """A question of ours: only what is quoted in it may be somebody's."""
        parts, at = [], 0
        for found in _QUOTED.finditer(text):
            start, end = found.span("text")
            parts += [self._unquoted(text[at:start]), self._literal(found["field"], found["text"])]
            at = end
        return "".join((*parts, self._unquoted(text[at:])))

    def _literal(self, field: str | None, text: str) -> str:
        if is_type(text) or TIME.fullmatch(text):
            return text
        return self.kept_or_hidden(((field or "").lower(),), text)

    def _unquoted(self, text: str) -> str:
        return _GUIDS.sub(lambda found: self._pseudonyms.guid(found[0]), text)

    def _named(self, kind: str, word: str) -> str:
        """A name in an id; some are Azure's own, and short versions give nothing away."""
        folded = unquote(word).lower()
        form = NOT_NAMES.get(kind)
        is_ours = form is not None and form.fullmatch(word) is not None
        if is_ours or (kind == "providers" and folded in NAMESPACES):
            return word
        return self._pseudonyms.guid(word) if GUID.fullmatch(word) else self._name(word)

    def _name(self, word: str) -> str:
        return self._pseudonyms.name(unquote(word))

    def _link(self, text: str) -> str:
        place = place_of(self._cloud, text)
        if place is not None:
            path, query = self.place(place)
            return f"{HOST}{quote(path)}" + (f"?{urlencode(query, safe='$')}" if query else "")
        split = urlsplit(text)
        words = [self._name(word) for word in split.path.split("/") if word]
        return "/".join((f"https://{self._pseudonyms.name(split.netloc)}.invalid", *words))

    def _pairs(self, query: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
        for name, value in query:
            folded = name.lower()
            spelt = name if _PARAMETER.fullmatch(name) else self._pseudonyms.name(name)
            is_question = folded in QUESTIONS
            yield (
                spelt,
                self.question(value) if is_question else self.kept_or_hidden((folded,), value),
            )


def _is_link(text: str) -> bool:
    """Whether it can be read as one: a description may begin like a link."""
    try:
        return bool(urlsplit(text).netloc)
    except ValueError:
        return False


def _bare(text: str) -> str:
    return text[len(_ASSET) :] if text.lower().startswith(_ASSET) else text
