"""Conclusions: codes for programs, a sentence for people, made in one place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import queries
from actions.deletion.checks import _requests
from emulator import Workspace, silent, steady
from queries.estate.fields import as_fields
from queries.estate.rows import DeploymentRow
from queries.filter import parsed
from queries.store.migrate import MIGRATIONS
from queries.text import sentences
from queries.text.conclusions import Conclusion, Conclusions
from queries.vocabulary import VERDICTS
from tests.scene import NOW, Gallery, Scene, day, playing
from tui.views.saved_views import SHIPPED

ROOM = Path(queries.__file__).parent
DOCUMENTED = (ROOM.parent / "docs" / "sql.md").read_text(encoding="utf-8")
# Made where Azure is asked, and where a sentence of an earlier version is read.
OUTSIDE_SQL = {"asset-lost", "recorded"}

gallery = Gallery()


@gallery.shows
def _estate(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100})
    endpoint.deployment("blue", requests=steady(1))
    ended = {"mothball-exempt-until": day(-3), "role": "retire"}
    endpoint.deployment("green", requests=silent(), tags=ended)
    endpoint.deployment("red", requests=silent())


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(gallery.world(), tmp_path_factory.mktemp("store")) as scene:
        scene.snapshot()
        yield scene


@pytest.fixture(scope="module")
def rows(scene: Scene) -> dict[str, DeploymentRow]:
    return scene.rows()


def emitted() -> set[str]:
    """The codes that SQL and the vocabulary give."""
    files = [*ROOM.glob("judge/*.sql"), *MIGRATIONS.glob("02*.sql")]
    sql = "\n".join(path.read_text(encoding="utf-8") for path in files)
    found = set(re.findall(r"'code', '([a-z0-9-]+)'", sql))
    for chosen in re.findall(r"'code', if\((.*?)\),?\n", sql, re.DOTALL):
        found |= set(re.findall(r"'([a-z-]+)'", chosen))
    return found | {verdict.load_barrier for verdict in VERDICTS if verdict.load_barrier}


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    given, worded = emitted() | OUTSIDE_SQL, set(sentences.SENTENCES)
    assert given - worded == set(), "no sentence: queries/vocabulary.py, queries/text/sentences.py"
    assert worded - given == set(), "nothing gives these codes"


@pytest.mark.parametrize("code", sorted(sentences.SENTENCES))
def test_every_code_is_documented(code: str) -> None:
    assert f"`{code}`" in DOCUMENTED, "docs/sql.md has no row for it"


def test_no_parameter_that_a_sentence_wants_is_missing(rows: dict[str, DeploymentRow]) -> None:
    text = [s for row in rows.values() for s in (*row.reasons.sentences, *row.findings.sentences)]
    assert text
    assert not [sentence for sentence in text if "?" in sentence or "None" in sentence]


def test_a_list_has_the_code_of_each_sentence_in_the_same_order(
    rows: dict[str, DeploymentRow],
) -> None:
    fields = as_fields(rows["fraud/green"])
    text = dict(zip(fields["finding_codes"], fields["findings"], strict=True))
    assert text["exemption-ended"] == f"its exemption ended on {day(-3)}"
    assert len(fields["reason_codes"]) == len(fields["reasons"])


def test_the_views_have_the_codes_beside_the_texts(scene: Scene) -> None:
    silent_ones = scene.sql(
        "select deployment from current_deployments"
        " where list_contains(reason_codes, 'no-requests') order by deployment"
    )
    assert silent_ones == [("green",), ("red",)]
    ended = scene.sql(
        "select findings[list_position(finding_codes, 'exemption-ended')]->>'on'"
        " from current_deployments where deployment = 'green'"
    )
    assert ended == [(day(-3),)]


@pytest.mark.parametrize(
    "text", ["finding:exemption-ended", "finding=exemption-ended", 'finding:"exemption ended"']
)
def test_a_filter_finds_a_code_and_a_sentence(rows: dict[str, DeploymentRow], text: str) -> None:
    test = parsed(text).test()
    assert [name for name, row in rows.items() if test(row)] == ["fraud/green"]


def test_no_shipped_view_names_a_code_that_there_is_not() -> None:
    named = [re.findall(r"finding[:=]([\w,-]+)", view.filter) for view in SHIPPED]
    codes = {code for several in named for each in several for code in each.split(",")}
    assert codes
    assert codes <= emitted()


def test_a_check_of_a_deletion_does_not_depend_on_the_wording(
    rows: dict[str, DeploymentRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sentences.SENTENCES, "no-requests", "nobody asked in {days} days")
    worded_anew = Conclusions(('{"code":"silent"}', '{"code":"no-requests","days":9}'))
    row = replace(rows["fraud/red"], reasons=worded_anew)
    assert _requests(row, NOW, is_fresh=False) == ("requests", "pass", "nobody asked in 9 days")


def test_a_sentence_of_an_earlier_version_still_shows() -> None:
    kept = Conclusions(("it was silent: 100 % {sure}", '{"code":"expired","on":"2026-10-01"}'))
    assert kept.sentences == ("it was silent: 100 % {sure}", "expired on 2026-10-01")
    assert kept.codes == ("recorded", "expired")


def test_a_conclusion_of_a_later_version_shows_its_code() -> None:
    assert Conclusion("lately-moved", {"to": "mars"}).sentence == "lately-moved"


def test_a_value_in_braces_is_a_value() -> None:
    (found,) = Conclusions.of([Conclusion("unknown-role", {"role": "{names}"})])
    assert found.sentence.endswith("retire: {names}")
