"""A number and its noun: one has no s, in every sentence."""

from __future__ import annotations

import pytest

from collectors.records import counted
from queries.text.sentences import sentence


@pytest.mark.parametrize(
    ("count", "given", "text"),
    [
        (0, ("workspace",), "0 workspaces"),
        (1, ("workspace",), "1 workspace"),
        (2, ("workspace",), "2 workspaces"),
        (1200, ("online deployment",), "1,200 online deployments"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
    ],
)
def test_a_noun_agrees_with_its_number(count: int, given: tuple[str, ...], text: str) -> None:
    assert counted(count, *given) == text


@pytest.mark.parametrize(
    ("code", "parameters", "text"),
    [
        (
            "too-young",
            {"minimum_age_days": 1, "created_on": "x"},
            "younger than 1 day: created on x",
        ),
        ("autoscaled", {"minimum": 1, "maximum": 1}, "autoscale is active: 1 to 1 instance"),
        ("autoscaled", {"minimum": 1, "maximum": 4}, "autoscale is active: 1 to 4 instances"),
        ("autoscaled", {"minimum": None, "maximum": None}, "autoscale is active: ? to ? instances"),
        ("hardly-measured", {"days_measured": 0, "days_wanted": 1}, "measured on 0 of 1 day only"),
        ("mirrored", {}, "gets ? % of mirrored traffic"),
        (
            "less-would-do",
            {"instances_needed": 2, "instances": 4},
            "a smaller size would do: 2 of its 4 instances",
        ),
    ],
)
def test_a_sentence_counts_in_the_singular_and_survives_what_is_not_known(
    code: str, parameters: dict[str, object], text: str
) -> None:
    assert sentence(code, parameters) == text
