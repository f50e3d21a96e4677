"""The sections of the details: what they say, in which order, and that they fit their pane."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rich.cells import cell_len

from queries.estate.facts import Fact
from queries.estate.history import TrafficPeriod
from queries.estate.labels import ReachingTag
from queries.estate.tag_ledger import WrittenTag
from queries.money.sizing import QuotaRow
from tests.tui.rows import AS_OF, day, row
from tui.details.assets import asset
from tui.details.traffic import bar
from tui.details.whole import before_reading, whole
from tui.grid.deployment_columns import run_rates
from tui.state.estate import Details
from tui.words.wrapping import Parts

NOW = AS_OF + timedelta(minutes=6)
NASTY = "\x1b[31m[b]x"


def fact(name: str = "requests", state: Any = "zero", **changes: Any) -> Fact:
    made = Fact(
        fact=name,
        state=state,
        known="0 on 36 days",
        source="metrics of the deployment",
        first_day=date(2026, 10, 19),
        last_day=date(2026, 11, 23),
        days_known=36,
        days_wanted=36,
        read_at=AS_OF,
        code=None,
    )
    return replace(made, **changes)


def period(deployment: str = "blue", live: float | None = 100.0, **changes: Any) -> TrafficPeriod:
    made = TrafficPeriod(
        deployment=deployment,
        is_there=True,
        model="azureml:fraud:7",
        environment=None,
        instance_type=None,
        instance_count=None,
        created_at=None,
        live_percent=live,
        mirror_percent=0.0,
        seen_from=AS_OF - timedelta(days=9),
        seen_until=AS_OF,
        next_seen_at=None,
        snapshots=3,
        longest_gap_hours=24.0,
        requests=None,
        request_days=0,
    )
    return replace(made, **changes)


def details(**changes: Any) -> Details:
    return Details("key", (day(0, 0.0), day(1, 0.0)), (), **changes)


def result(parts: Parts) -> str:
    return "".join(text for text, _style in parts)


def shown(known: Details, width: int = 76, **changes: Any) -> str:
    return result(whole(row(**changes), known, NOW, width))


def test_sections_come_in_the_order_of_a_decision() -> None:
    known = details(facts=(fact(),), traffic_periods=(period(),))
    reported = shown(known, reasons=("nobody asks it",))
    titles = (
        "nobody asks it",
        "if it is retired",
        "30 days",
        "what the verdict rests on",
        "traffic of fraud",
        "owner and tags",
        "made of",
        "where",
    )
    places = [reported.index(title) for title in titles]
    assert places == sorted(places)


def test_facts_stand_under_their_source_with_window_coverage_and_age() -> None:
    reported = shown(details(facts=(fact(), fact("aliveness", "non-zero"))))
    head = "metrics of the deployment · 19 Oct–23 Nov · 36 of 36 days · 6 min ago"
    assert reported.count("metrics of the deployment") == 1
    assert head in " ".join(reported.split())


@pytest.mark.parametrize(
    ("state", "sign"),
    [("zero", "0"), ("non-zero", "●"), ("no data", "-"), ("refused", "✗"), ("not asked", "?")],
)
def test_every_state_has_a_sign_of_its_own_that_is_explained(state: Any, sign: str) -> None:
    reported = shown(details(facts=(fact(state=state),)))
    assert f"  {sign} requests" in reported
    assert f"{sign} {state}" in reported


def test_a_refused_fact_names_azures_code_and_is_no_zero() -> None:
    reported = shown(
        details(facts=(fact(state="refused", known=None, code="AuthorizationFailed"),))
    )
    assert "✗ requests" in reported
    assert "refused (AuthorizationFailed)" in reported


def test_callers_are_not_asked_until_the_key_is_pressed() -> None:
    reported = shown(details(facts=(fact("callers", "not asked", known="x", read_at=None),)))
    assert "? callers" in reported
    assert "not asked: w asks" in reported


def test_a_share_is_a_bar_and_one_that_was_not_reported_is_no_empty_bar() -> None:
    assert (bar(100.0), bar(0.0), bar(0.4)) == ("█" * 10, "░" * 10, "█" + "░" * 9)
    assert bar(None) == "·" * 10


def test_the_newest_period_comes_first_and_ones_own_is_pointed_at() -> None:
    old = period("green", 100.0, seen_from=AS_OF - timedelta(days=40), next_seen_at=AS_OF)
    reported = shown(details(traffic_periods=(old, period("blue"))))
    assert reported.index("▸ blue") < reported.index("  green")
    assert "changed by 23 Nov" in reported


def test_a_name_in_the_map_without_a_deployment_is_reported() -> None:
    assert "it does not exist" in shown(details(traffic_periods=(period("v5", is_there=False),)))


def test_owner_and_purpose_say_which_tag_they_come_from() -> None:
    reaching = (
        ReachingTag("endpoint", "purpose", "scores", "purpose", True),
        ReachingTag("subscription", "owner", "platform", "owner", False),
    )
    reported = shown(
        details(tags=reaching), owner="ada", owner_source="workspace", purpose="scores"
    )
    assert "ada (tag of the workspace)" in reported
    assert "scores (tag of the endpoint)" in reported
    assert "✓ purpose = scores (endpoint)" in reported
    assert "  owner = platform (subscription)" in reported


def test_an_owner_that_is_only_the_creator_is_a_hint() -> None:
    assert "only its creator: a hint" in shown(details(), owner="ada", owner_source="created_by")


def test_the_money_says_what_it_rests_on_and_what_comes_back() -> None:
    quota = QuotaRow("key", "s", "westeurope", "standardDSv2Family", "x", 3, 4, False, 16, None)
    reported = shown(
        details(quota=quota),
        monthly_run_rate=Decimal("725.4"),
        run_rate_source="list",
        currency="USD",
    )
    assert "run rate     725 USD a month, by the list price" in reported
    assert "16 cores of standardDSv2Family" in reported


@pytest.mark.parametrize("verdict", ["idle", "serving"])
def test_the_run_rate_has_one_name_whatever_the_verdict(verdict: str) -> None:
    money: dict[str, Any] = {
        "monthly_run_rate": Decimal(1),
        "ranking_amount": Decimal(2),
        "currency": "USD",
    }
    reported = shown(details(), verdict=verdict, **money)
    assert "run rate     1 USD a month" in reported
    assert "saves " not in reported
    assert "2 USD" not in reported


def test_sums_of_rows_add_up_their_column_and_mark_a_list_price() -> None:
    billed = row(monthly_run_rate=Decimal(3), currency="EUR", run_rate_source="billed")
    listed = row(monthly_run_rate=Decimal(4), currency="EUR", run_rate_source="list")
    assert run_rates([billed, billed]) == "6 EUR/mo"
    assert run_rates([billed, listed, row()]) == "~7 EUR/mo + 1 unknown"
    assert run_rates([row()]) == "–"


def test_a_date_that_is_over_says_so_and_one_that_cannot_be_read_too() -> None:
    assert "2026-11-01 (over)" in shown(details(), expires_on="2026-11-01")
    assert "soon (no date that can be read)" in shown(details(), expires_on="soon")


def test_what_is_not_known_is_a_dash_and_never_blank() -> None:
    reported = shown(details(), locks_known=False, provisioning_state=None)
    assert "locks        –" in reported
    assert "state        –" in reported
    assert "run rate     not known: no bill was read" in reported


def test_before_the_evidence_is_read_the_row_speaks() -> None:
    reported = result(before_reading(row(reasons=("nobody asks it",)), [("reading\n", "")], 44))
    assert (
        reported.index("nobody asks it")
        < reported.index("reading")
        < reported.index("owner and tags")
    )


@pytest.mark.parametrize("width", [36, 42, 60, 76, 110])
def test_every_line_fits_the_pane_and_no_control_sequence_gets_through(width: int) -> None:
    known = details(
        facts=(fact(known=NASTY * 9), fact(state="refused", known=None, code=NASTY)),
        traffic_periods=(period(NASTY * 9), period("x", None, model=NASTY * 9)),
        tags=(ReachingTag("endpoint", NASTY, NASTY * 9, "purpose", True),),
        written=(WrittenTag(AS_OF, NASTY, NASTY * 9, NASTY, "tag", None),),
    )
    reported = shown(
        known,
        width,
        endpoint=NASTY * 9,
        reasons=(NASTY * 9,),
        findings=(NASTY * 9,),
        tags={NASTY: NASTY * 9},
        owner=NASTY * 9,
        owner_source="endpoint",
        purpose=NASTY * 9,
        lock_names=(NASTY,),
        model=NASTY * 9,
        explanation=NASTY,
    )
    assert "\x1b" not in reported
    assert max(cell_len(line) for line in reported.split("\n")) <= width


@pytest.mark.parametrize(
    ("identity", "text"),
    [
        ("/subscriptions/s/x/workspaces/w/models/fraud/versions/6", "fraud:6"),
        ("azureml://registries/azureml/models/llama/versions/2", "llama:2 (azureml)"),
        ("azureml:fraud:6", "fraud:6"),
        ("fraud:6", "fraud:6"),
        (None, None),
    ],
)
def test_an_asset_is_reported_by_name_and_version(identity: str | None, text: str | None) -> None:
    assert asset(identity) == text


def test_who_ended_a_period_and_who_changed_the_deployment_last_is_named() -> None:
    end = AS_OF + timedelta(hours=2)
    ended = period(next_seen_at=AS_OF + timedelta(hours=9), ended_at=end, ended_by=f"ada{NASTY}")
    changed = {"last_changed_at": AS_OF, "last_changed_by": "bob", "owner": "bob"}
    known = details(traffic_periods=(ended,))
    text = shown(known, 120, **changed, owner_source="last_changed_by")
    assert f"changed on {end.day} {end:%b %H:%M}, ada" in text
    assert "\x1b" not in text
    assert f"{AS_OF:%Y-%m-%d %H:%M} by bob" in text
    assert "only who changed it last: a hint" in text
