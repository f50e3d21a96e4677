"""The filter grammar: what shows, what is hidden as unknown, and where a mistake stands."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.filter import FilterError, completions, parsed, text_of
from queries.filter.fields import FIELDS, field_named
from tests.tui.rows import row

KNOWN: dict[str, Any] = {
    "workspace": "ml-eu",
    "owner": "Carla@contoso.example",
    "cost_in_window": Decimal(1200),
    "monthly_run_rate": Decimal("900.5"),
    "currency": "EUR",
    "requests_in_window": 0,
    "live_traffic_percent": 0.0,
    "created_at": datetime(2026, 1, 5, tzinfo=UTC),
    "model": "/subscriptions/s/x/workspaces/hidden/models/scorer/versions/3",
    "tags": {"Team": "Law firm", "cc": "=1"},
    "reasons": ("no request in 35 days",),
}


def answer(typed: str, **changes: Any) -> bool | None:
    return parsed(typed).test()(row("fraud/blue", **(KNOWN | changes)))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "FRAUD ds3 carla",
        "fraud !green",
        "fraud/blue",
        '"raud/b"',
        '"scorer:3"',
        "/blu[ef]/",
        "endpoint:frau",
        "endpoint=FRAUD",
        "endpoint!=fraudulent",
        "owner:carla",
        "OWNER:carla",
        "owner-source:?",
        "verdict:idle",
        "verdict:failed,idle",
        "!verdict:failed",
        "cost>1000",
        "cost>=1200",
        "cost>1k cost<1.5k",
        "cost=1200",
        "cost!=1199",
        "rate>900",
        "idle>30d",
        "idle>5w",
        "idle=40",
        "requests=0",
        "requests:0",
        "live=0%",
        "created<2026-02-01",
        "age>300d",
        "last_request:?",
        "mirror:0",
        "size:ds3",
        "tag:law",
        "tag:team=law",
        'tag:"Team=Law firm"',
        "!tag:cost-center",
        "reason:request",
        "reason:/35 days$/",
        "nowhere or fraud",
        "(nowhere or fraud) blue",
        "fraud and blue",
        "!(green or red)",
        "!!fraud",
        "role:?",
        "!role:production",
        "role!=production",
        "region:north,west",
    ],
)
def test_it_shows(typed: str) -> None:
    assert answer(typed) is True


@pytest.mark.parametrize(
    "typed",
    [
        "nowhere",
        "fraud nowhere",
        "!blue",
        "hidden",
        "endpoint=frau",
        "verdict:idle-endpoint",
        "cost>1200",
        "idle>6w",
        "requests>0",
        "created>=2026-02-01",
        "tag:other=law",
        "owner:?",
        "role:production",
        "nowhere or cost>2k",
        "!(fraud blue)",
        "reason:/^35/",
    ],
)
def test_it_hides(typed: str) -> None:
    assert answer(typed) is False


@pytest.mark.parametrize(
    "typed",
    ["cost>0", "cost<=0", "cost=0", "cost!=5", "!cost>0", "fraud cost>0", "cost>0 or nowhere"],
)
def test_an_unknown_value_never_matches_a_comparison(typed: str) -> None:
    assert answer(typed, cost_in_window=None) is None


def test_what_is_decided_without_the_unknown_is_decided() -> None:
    assert answer("cost>0 or fraud", cost_in_window=None) is True
    assert answer("cost>0 nowhere", cost_in_window=None) is False
    assert answer("!(cost>0 or fraud)", cost_in_window=None) is False


def test_an_unknown_owner_is_unknown_and_an_absent_role_is_no_role() -> None:
    assert answer("owner:carla", owner=None) is None
    assert answer("owner:?", owner=None) is True
    assert answer("role:test", role=None) is False


def test_an_expiry_date_that_cannot_be_read_is_unknown() -> None:
    assert answer("expires<2027-01-01", expires_on="2026-12-01") is True
    assert answer("expires<2027-01-01", expires_on="soon") is None


@pytest.mark.parametrize(
    ("typed", "wrong", "sentence"),
    [
        ("fraud cots>5", "cots", "did you mean cost?"),
        ("cost>", "cost>", "a value is missing after cost>"),
        ("cost> 5", "cost>", "a value is missing"),
        ("cost > 5", ">", "right before it"),
        ("cost>much", "much", "a number such as"),
        ("idle>1y", "1y", "a number of days"),
        ("idle>123456d", "123456d", "a number of days"),
        ("created>May", "May", "a date such as"),
        ("verdict:idel", "idel", "there are: serving"),
        ("verdict:idle,", ",", "after the comma"),
        ("owner>carla", "owner>", "is text"),
        ("cost>1,2", "1,2", "one value"),
        ('owner:"car', '"car', "does not end"),
        ("fraud /[/", "/[/", "regular expression"),
        ("fraud !", "!", "needs a term after it"),
        ("fraud or", "or", "both sides"),
        ("or fraud", "or", "both sides"),
        ("and", "and", "both sides"),
        ("a and and b", "and", "both sides"),
        ("(fraud", "(", "does not close"),
        ("()", ")", "nothing in the parentheses"),
        ("fraud)", ")", "closes nothing"),
        (")", ")", "closes nothing"),
    ],
)
def test_a_mistake_is_reported_with_its_place(typed: str, wrong: str, sentence: str) -> None:
    with pytest.raises(FilterError) as caught:
        parsed(typed)
    assert sentence in str(caught.value)
    assert typed[caught.value.start : caught.value.end] == wrong
    assert "\n" not in str(caught.value)


PIECES = st.sampled_from(
    ["cost", "owner", "tag", "verdict", ">", "<=", ":", "!", "(", ")", '"', "/", "\\", ",", " "]
    + ["or", "and", "1000", "30d", "idle", "?", "[", "*", "(?L)", "é", "\0", "\n"]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_whatever_is_typed_is_a_filter_or_a_mistake_within_it(typed: str) -> None:
    mistake = None
    try:
        assert parsed(typed).test()(row()) in (True, False, None)
    except FilterError as error:
        mistake = error
    assert mistake is None or 0 <= mistake.start < mistake.end <= len(typed)


@given(st.sampled_from(["(", "!", "!(", "a or ("]), st.integers(50, 3000))
def test_deep_nesting_is_a_mistake_and_no_crash(piece: str, times: int) -> None:
    with pytest.raises(FilterError):
        parsed(piece * times)


@given(st.lists(PIECES).map("".join), st.integers(0, 60))
def test_completions_never_fail_and_lie_around_the_cursor(typed: str, cursor: int) -> None:
    for each in completions(typed, cursor, [row()]):
        assert 0 <= each.start <= each.end == min(cursor, len(typed))


@pytest.mark.parametrize("value", ["a b", 'say "x"', "a,b", "?", "/x/", "back\\slash", "(x)"])
def test_a_completed_value_finds_its_row(value: str) -> None:
    mine = row(owner=value)
    (found,) = completions("owner:", 6, [mine])
    typed = "owner:" + found.text
    assert parsed(typed.replace(":", "=", 1)).test()(mine) is True


def test_names_and_values_are_completed() -> None:
    rows = [row(owner="ada"), row(owner="carla"), row(owner=None)]
    assert [c.text for c in completions("cos", 3, rows)] == ["cost>", "cost_through>"]
    assert [c.text for c in completions("x owner:", 8, rows)] == ["ada", "carla"]
    assert [c.text for c in completions("owner:ada,c", 11, rows)] == ["carla"]
    assert [c.text for c in completions("verdict:idle", 12, rows)] == ["idle-endpoint"]
    assert completions("nonsense:x", 10, rows) == []


def test_each_part_is_blamed_for_what_it_alone_would_show() -> None:
    rows = [row("fraud/blue"), row("fraud/green"), row("churn/gru")]
    assert parsed("fraud gru").blame(rows) == [("fraud", 2), ("gru", 1)]


def test_no_two_fields_share_a_name() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    assert len(set(names)) == len(names)


def test_every_field_of_the_list_can_be_asked() -> None:
    from queries.estate.fields import FIELDS as LISTED

    assert {name for name in LISTED if field_named(name) is None} == set()


def test_a_word_does_not_match_across_two_fields() -> None:
    first, second = text_of(row()).split("\n")[:2]
    assert parsed(f'"{first[-2:]}{second[:2]}"').test()(row()) is False
