"""What the code takes for granted about Azure stands in docs/azure.md, with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("mothball", "tui", "actions", "queries", "collectors", "emulator", "tests")
PAGE = (ROOT / "docs" / "azure.md").read_text(encoding="utf-8")
FACTS = re.split(r"^### (?=A\d+\. )", PAGE, flags=re.MULTILINE)[1:]
NUMBERS = [int(fact.partition(".")[0].removeprefix("A")) for fact in FACTS]
_NUMBER = r"A\d+"
_CITED = re.compile(rf"azure\.md\s+{_NUMBER}(?:(?:,\s+| to ){_NUMBER})*")
_DOCUMENT = re.compile(r"(?<![\w.-])([\w-]+\.md)\b")
# What commands are shown to write, and what the code may cite beside the pages under docs/.
_WRITTEN = {"message.md", "review.md", "digest.md"}
_AT_HAND = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md"}


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        for suffix in ("*.py", "*.sql"):
            yield from (path for path in (ROOT / room).rglob(suffix) if path != Path(__file__))


def _in_comments(text: str) -> str:
    """A text without the marks that begin the lines of a comment, so that citations may wrap."""
    return re.sub(r"\n\s*(#|--)?\s*", " ", text)


def cited_in(text: str) -> set[int]:
    """The numbers of the facts that a source file cites; of a range, its two ends."""
    found = _CITED.findall(_in_comments(text))
    return {int(number) for one in found for number in re.findall(r"A(\d+)", one)}


def test_every_fact_that_the_code_cites_is_there() -> None:
    cited = {path: cited_in(path.read_text(encoding="utf-8")) for path in _sources()}
    assert sum(map(bool, cited.values())) > 15
    missing = {str(path): got for path, found in cited.items() if (got := found - {*NUMBERS})}
    assert missing == {}


def test_a_citation_may_name_several_facts_and_wrap() -> None:
    text = "# (azure.md\n    # A7, A9)\n'azure.md A31 to\n    A33' and A99"
    assert cited_in(text) == {7, 9, 31, 33}


def test_the_numbers_of_facts_are_unique() -> None:
    assert len(NUMBERS) == len(set(NUMBERS))
    assert len(NUMBERS) > 60


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact).partition(".")[0])
def test_a_fact_says_what_follows_where_it_is_from_and_whether_it_is_sure(fact: str) -> None:
    assert "\n- *In Mothball:* " in fact
    assert "\n- *Source:* " in fact
    assert len(re.findall(r"^- \*\*(?:Confirmed|Not confirmed)\.\*\*$", fact, re.MULTILINE)) == 1


def test_the_code_cites_no_document_that_is_not_in_the_repository() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} | _AT_HAND | _WRITTEN
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in _sources()
        if path.relative_to(ROOT).parts[0] != "tests"
        for name in _DOCUMENT.findall(path.read_text(encoding="utf-8"))
    }
    assert {one for one in named if one[1] not in pages} == set()
