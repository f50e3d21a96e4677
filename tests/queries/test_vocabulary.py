"""The words: Python, the store's tables, the judge and the screens know the same ones."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

import queries
from queries import vocabulary
from queries.filter.fields import field_named
from queries.store.append import Table
from queries.store.file import Store
from queries.store.vocabulary_tables import words
from tui.words.verdicts import LOOKS, TONE_STYLES

ROOM = Path(queries.__file__).parent
CODE = [
    path
    for room in ("queries", "actions", "tui", "mothball", "collectors")
    for path in (ROOM.parent / room).rglob("*")
    if path.suffix in (".py", ".sql") and path.name != "vocabulary.py"
]
# Applied once and for all; later ones replace what they say of groups.
KEPT = {"012_money_explained.sql", "014_judged_costs.sql"}


def judged() -> set[str]:
    """The verdicts that the judge can give."""
    sql = (ROOM / "judge" / "verdicts.sql").read_text(encoding="utf-8")
    rule = sql.split("end as verdict", 1)[0].rpartition("    case\n")[2]
    return set(re.findall(r"(?:then|else) '([a-z-]+)'", rule))


def reasons_given() -> dict[str, set[str]]:
    """The codes that the judge can give as the reason that decided each verdict."""
    sql = (ROOM / "judge" / "reasons.sql").read_text(encoding="utf-8")
    deciding = sql.partition("case verdicts.verdict")[2].partition("\n            end,")[0]
    _, *parts = re.split(r"when '([a-z-]+)' then", deciding)
    codes = re.compile(r"'code',\s*(?:if\((.*?)\n? *\),|'([a-z-]+)')", re.DOTALL)
    return {
        verdict: {
            code
            for chosen, single in codes.findall(part)
            for code in (re.findall(r"'([a-z-]+)'", chosen) if chosen else [single])
        }
        for verdict, part in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize("verdict", sorted(judged() | set(vocabulary.NAMES)))
def test_every_verdict_is_known_wherever_verdicts_are_spelt(verdict: str) -> None:
    assert verdict in vocabulary.NAMES, "queries/vocabulary.py has no record of it"
    assert verdict in judged(), "queries/judge/verdicts.sql never gives it"
    assert verdict in LOOKS, "tui/words/verdicts.py"
    field = field_named("verdict")
    assert field is not None
    assert verdict in field.words, "queries/filter/fields.py"
    assert verdict in reasons_given(), "queries/judge/reasons.sql has no reason for it"
    worded = {each.name: set(each.reasons) for each in vocabulary.VERDICTS}[verdict]
    assert reasons_given()[verdict] == worded, "queries/vocabulary.py words other reasons"


def test_every_verdict_has_its_own_sign_place_and_a_tone_that_is_coloured() -> None:
    assert len({each.symbol for each in vocabulary.VERDICTS}) == len(vocabulary.VERDICTS)
    places = [each.attention for each in vocabulary.BY_ATTENTION]
    assert places == list(range(1, len(vocabulary.VERDICTS) + 1))
    assert {each.tone for each in vocabulary.VERDICTS} <= TONE_STYLES.keys()


def test_whoever_serves_nobody_may_be_retired_and_nobody_else() -> None:
    assert set(vocabulary.RETIRABLE) == set(vocabulary.SERVES_NOBODY)


@pytest.mark.parametrize("table", sorted(words()))
def test_a_store_holds_the_words_of_this_version(tmp_path: Path, table: Table) -> None:
    assert rows(Store(tmp_path / "store.duckdb"), table) == list(words()[table])


def test_a_store_with_the_words_of_another_version_is_given_these_when_it_is_read(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "store.duckdb")
    with store.writing():
        pass
    with duckdb.connect(str(store.path)) as connection:
        connection.execute("update vocabulary_signs set sign = 'another'")
        connection.execute("update vocabulary_verdicts set verdict_group = 'in-use'")
    with store.reading() as connection:
        found = connection.execute("select distinct verdict_group from vocabulary_verdicts")
        assert len(found.fetchall()) == 5


@pytest.mark.parametrize(
    "several",
    [
        re.compile(r"'(?:idle|failed|idle-endpoint)'(?:, '[a-z-]+'){2}"),
        re.compile(r"\"(?:idle|failed|idle-endpoint)\", \"(?:idle|failed|idle-endpoint)\""),
        re.compile(r"['\"]managed['\"], ['\"]kubernetes['\"]"),
    ],
    ids=["verdicts in SQL", "verdicts in Python", "online kinds"],
)
def test_a_group_of_words_is_spelt_once(several: re.Pattern[str]) -> None:
    spelt = {
        path.relative_to(ROOM.parent).as_posix()
        for path in CODE
        if path.name not in KEPT and several.search(path.read_text(encoding="utf-8"))
    }
    assert spelt <= {"collectors/records.py", "queries/estate/sql/facts_of_deployment.sql"}


def rows(store: Store, table: str) -> list[dict[str, object]]:
    """What a store that is written for the first time holds."""
    with store.writing() as connection:
        result = connection.sql(f'select * from "{table}"')  # noqa: S608
        return [dict(zip(result.columns, row, strict=True)) for row in result.fetchall()]
