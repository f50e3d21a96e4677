"""Pages of Resource Graph: every row once, or a failure that says what is wrong with them.

Facts: azure.md A2, A6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from collectors.connection.errors import AzureFailure, Misshapen, NotUnderstood
from collectors.connection.reading import Reader
from collectors.connection.shapes import has_id, is_whole_number
from collectors.records import key_of
from collectors.sources import ROWS_A_PAGE

GRAPH_API = "2021-03-01"
_PATH = "/providers/Microsoft.ResourceGraph/resources"
_TOO_LARGE = "payloadtoolarge"
# The share of rows from which on a reading counts as one in part.
NEARLY_ALL = 0.75


class PagesBroken(NotUnderstood):
    """Pages that were answered, and yet are not the whole; `share` of their rows came (0 to 1)."""

    def __init__(self, message: str, code: str, share: float) -> None:
        """Keep what came beside what is wrong."""
        super().__init__(message, code)
        self.share = share


class RowsMissing(PagesBroken):
    """Pages that hold fewer rows than they say that there are, or that were cut."""


class Pages:
    """The pages of one question, and what was seen of its rows."""

    def __init__(
        self,
        reader: Reader,
        subscription_ids: Sequence[str],
        question: str,
        tries: int | None = None,
    ) -> None:
        """Ask nothing yet; `tries` is how often a page may fail with 500 (None: as usual)."""
        self._reader = reader
        self._body = {"subscriptions": list(subscription_ids), "query": question}
        self._tries = tries
        self._rows_a_page = ROWS_A_PAGE
        self._seen: set[str] = set()
        self._without_id = 0
        self._total = 0

    def rows(self) -> Iterator[Any]:
        """Every row as it came.

        At the end they are counted by distinct id against Resource Graph's own total, the largest
        of all pages: rows that come or go meanwhile move the pages. Raises RowsMissing where some
        are, PagesBroken where the pages would never end.
        """
        token: str | None = None
        tokens: set[str] = set()
        while True:
            answer = self._page(token)
            yield from self._counted(answer)
            token = answer.get("$skipToken")
            if not isinstance(token, str | None):
                raise Misshapen("Resource Graph names its next page by what is no text")
            if not token:
                break
            if token in tokens:
                text = "Resource Graph's next page is a page it already gave"
                raise PagesBroken(text, "EndlessPages", self._share)
            tokens.add(token)
        self._check(answer)

    @property
    def _given(self) -> int:
        return len(self._seen) + self._without_id

    @property
    def _share(self) -> float:
        return self._given / max(self._total, self._given, 1)

    def _page(self, token: str | None) -> dict[str, Any]:
        """One page; of half as many rows, from here on, as long as it is too large to be sent."""
        while True:
            options: dict[str, Any] = {"resultFormat": "objectArray", "$top": self._rows_a_page}
            if token:
                options["$skipToken"] = token
            body = self._body | {"options": options}
            try:
                return self._reader.ask(_PATH, body, self._tries, **{"api-version": GRAPH_API})
            except AzureFailure as failure:
                if not is_too_large(failure) or self._rows_a_page == 1:
                    raise
                self._rows_a_page //= 2

    def _counted(self, answer: dict[str, Any]) -> list[Any]:
        rows = answer.get("data")
        if not isinstance(rows, list):
            raise Misshapen("Resource Graph's answer has no list of rows")
        self._seen |= {key_of(row["id"]) for row in rows if has_id(row)}
        self._without_id += sum(not has_id(row) for row in rows)
        total = answer.get("totalRecords")
        if total is not None and not is_whole_number(total):
            raise Misshapen("Resource Graph's answer tells no number of its rows")
        self._total = max(self._total, total or 0)
        return rows

    def _check(self, last: dict[str, Any]) -> None:
        if self._given < self._total:
            text = f"Resource Graph gave {self._given} of {self._total} rows"
            raise RowsMissing(text, "RowsMissing", self._share)
        if str(last.get("resultTruncated", "")).lower() == "true":
            raise RowsMissing("Resource Graph cut its answer", "RowsMissing", 0.0)


def came_nearly_all(failure: AzureFailure) -> bool:
    """Whether all but a few rows came, so that they say more than what is known of before."""
    return isinstance(failure, PagesBroken | Misshapen) and failure.share >= NEARLY_ALL


def is_too_large(failure: AzureFailure) -> bool:
    """Whether the answer would have been larger than Resource Graph sends."""
    codes = (failure.code, *failure.inner_codes)
    return failure.status == 413 or any(_TOO_LARGE in code.lower() for code in codes)
