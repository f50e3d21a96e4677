"""`--columns`, `--sort`, `--reverse`, `--wide`: the interface's columns on the command line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mothball.list_columns import list_columns
from queries.estate.fields import FIELDS
from tests.mothball.shop import VERDICTS, Result, Shop
from tests.mothball.terminal import in_terminal
from tests.mothball.test_front import PROBE
from tui.grid.deployment_columns import BY_DAY, DEPLOYMENT_COLUMNS


def lines(result: Result) -> list[str]:
    """The heading and the rows of a list."""
    assert result.code == 0, result.err
    return result.out.splitlines()[: len(VERDICTS) + 1]


def column(shop: Shop, name: str, *arguments: str) -> list[str]:
    """The cells of one column, top to bottom."""
    return [line.strip() for line in lines(shop.run("list", "--columns", name, *arguments))[1:]]


def test_the_columns_and_their_titles_are_those_of_the_interface(shop: Shop) -> None:
    columns = [each for each in DEPLOYMENT_COLUMNS if each.id != BY_DAY]
    words = ",".join(each.id for each in columns)
    heading, first, *_rest = lines(shop.run("list", "--columns", words))
    assert heading.split() == " ".join(each.title for each in columns).split()
    assert first.split()[0] in VERDICTS.values()
    assert {each.title for each in columns} <= {each.title for each in list_columns().values()}


def test_every_field_of_json_is_a_column_too(shop: Shop) -> None:
    heading = lines(shop.run("list", "--columns", ",".join(FIELDS)))[0]
    assert "last changed at" in heading
    assert "resource group" in heading


@pytest.mark.parametrize("word", ["idle", "Idle-Days", "idle days", " IDLE "])
def test_a_column_is_meant_by_its_id_or_its_title_in_any_case(shop: Shop, word: str) -> None:
    assert lines(shop.run("list", "--columns", f"target,{word}"))[0].split()[1:] == ["idle", "days"]


@pytest.mark.parametrize("option", ["--columns", "--sort"])
@pytest.mark.parametrize(
    ("words", "typed", "near"),
    [(("list",), "run-raet", "run_rate"), (("journal",), "outcmoe", "outcome")],
)
def test_a_column_that_there_is_not_is_wrong_usage_and_names_the_nearest(
    shop: Shop, option: str, words: tuple[str, ...], typed: str, near: str
) -> None:
    result = shop.run(*words, option, typed)
    assert (result.code, result.out) == (2, "")
    assert f"{typed!r} is no column; did you mean {near}" in result.err


def test_a_word_that_is_like_none_lists_all(shop: Shop) -> None:
    result = shop.run("list", "--columns", "xyzzy")
    assert result.code == 2
    assert "there are: target, verdict, name" in result.err
    assert shop.run("list", "--columns", " ,").code == 2


def test_numbers_fall_texts_rise_and_the_unknown_is_last_both_ways(shop: Shop) -> None:
    requests = shop.rows()
    known = sorted(
        (r["requests_in_window"] for r in requests.values() if r["requests_in_window"] is not None),
        reverse=True,
    )
    unknown = [None] * (len(requests) - len(known))
    for option, expected in (([], known), (["--reverse"], known[::-1])):
        found = shop.rows("--sort", "requests", *option)
        assert [row["requests_in_window"] for row in found.values()] == expected + unknown
    names = column(shop, "target", "--sort", "target")
    assert names == sorted(names, key=str.casefold)
    assert column(shop, "target", "--sort", "target", "--reverse") == names[::-1]


def test_times_are_newest_first_and_verdicts_as_they_want_attention(shop: Shop) -> None:
    created = [row["created_at"] for row in shop.rows("--sort", "created").values()]
    assert created == sorted(filter(None, created), reverse=True) + [
        None for one in created if one is None
    ]
    assert column(shop, "verdict", "--sort", "verdict")[0] == "idle"


def test_reverse_alone_turns_the_list_around(shop: Shop) -> None:
    assert list(shop.rows("--reverse")) == list(shop.rows())[::-1]


def test_sorting_and_filters_hold_together(shop: Shop) -> None:
    found = shop.rows("--where", "verdict:idle", "--sort", "target")
    assert list(found) == sorted(path for path, verdict in VERDICTS.items() if verdict == "idle")


def test_in_json_and_csv_a_column_is_the_fields_that_it_is_made_of(shop: Shop) -> None:
    words = ("list", "--columns", "target,run-rate,tags", "--format")
    made_of = [
        "workspace",
        "endpoint",
        "deployment",
        "monthly_run_rate",
        "currency",
        "run_rate_source",
        "tags",
    ]
    assert list(shop.run(*words, "json").json[0]) == made_of
    assert shop.run(*words, "csv").out.splitlines()[0].split(",") == made_of
    result = shop.run("list", "--columns", "retire-after", "--format", "json")
    assert (result.code, result.out) == (2, "")
    assert "'retire_after' is for the table alone" in result.err
    assert list(shop.run("list", "--wide", "--format", "json").json[0]) == list(FIELDS)


def test_an_earlier_snapshot_is_sorted_too(shop: Shop) -> None:
    row = next(iter(shop.rows().values()))
    found = shop.rows("--snapshot", row["snapshot_id"], "--sort", "idle")
    days = [row["idle_days"] for row in found.values() if row["idle_days"] is not None]
    assert days == sorted(days, reverse=True)


@pytest.mark.journey
def test_wide_cuts_nothing_and_leaves_no_column_out_in_a_narrow_terminal(shop: Shop) -> None:
    narrow = "\n".join(in_terminal(80, "list", "--store", str(shop.store)))
    assert "(--wide shows all)" in narrow
    wide = "\n".join(in_terminal(80, "list", "--wide", "--store", str(shop.store)))
    assert "no room for" not in wide
    assert "…" not in wide
    # The terminal breaks long lines where they end.
    whole = wide.replace("\n", "")
    assert all(each.title in whole for each in DEPLOYMENT_COLUMNS if each.id != BY_DAY)


def test_other_tables_pick_and_sort_their_fields(own: Shop) -> None:
    assert own.run("delete", "ws/fraud/old", "--read-only").code in (0, 4)
    assert own.run("delete", "lab/fraud/old", "--read-only").code in (0, 4)
    words = ("journal", "--columns", "target,sequence", "--sort", "sequence")
    heading, first, second = own.run(*words).out.splitlines()[:3]
    assert heading.split() == ["target", "sequence"]
    assert int(first.split()[1]) > int(second.split()[1])
    rows = own.run(*words, "--reverse", "--format", "json").json
    assert [list(row) for row in rows[:1]] == [["target", "sequence"]]
    assert [row["sequence"] for row in rows] == sorted(row["sequence"] for row in rows)
    assert "correlation id" in own.run("journal", "--wide").out.splitlines()[0]


def test_one_moment_takes_no_column(shop: Shop) -> None:
    result = shop.run("history", "quiet", "--at", "2026-01-01", "--sort", "requests")
    assert result.code == 2


def test_a_table_of_the_interface_s_columns_starts_without_the_interface(shop: Shop) -> None:
    words = ["list", "--wide", "--sort", "run-rate", "--store", str(shop.store)]
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, *words], capture_output=True, text=True, check=True
    )
    assert ran.stderr.strip().splitlines()[-1] == "0 []"
