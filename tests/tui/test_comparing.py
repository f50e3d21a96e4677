"""Two deployments side by side: what differs is named first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from queries.estate.fact_rows import Fact
from tests.tui.demo import frame_of, settled
from tests.tui.rows import row
from tests.tui.test_deletion import mark
from tui.app import MothballApp
from tui.dialogs.comparing import Comparing, Side, comparison_parts
from tui.places.deployments import Deployments

SIZE = (120, 40)


def side(name: str, definition: Any = None, **changes: Any) -> Side:
    return Side(replace(row(name), **changes), (), definition)


def said(left: Side, right: Side, width: int = 100) -> str:
    return "".join(text for text, _style in comparison_parts(left, right, width))


def test_what_differs_is_named_first_and_what_is_the_same_stands_last() -> None:
    left = side("fraud/blue", {"properties": {"a": 1, "b": 2}}, tags={"owner": "ada"})
    right = side("fraud/red", {"properties": {"a": 1, "b": 3}}, instance_count=4)
    lines = said(left, right).splitlines()
    assert lines[0] == "differs: size, tag owner, definition"
    assert any(line.startswith("≠ size") and "×2" in line and "×4" in line for line in lines)
    assert any(line.startswith("≠ tag owner") and line.endswith("none") for line in lines)
    assert '-    "b": 2' in lines
    assert '+    "b": 3' in lines
    same = lines.index(next(line for line in lines if "what is the same" in line))
    assert not any(line.startswith("≠") for line in lines[same:])


def test_what_two_have_by_nature_apart_is_no_difference_of_their_definitions() -> None:
    body = {"id": "/a", "name": "blue", "systemData": {"createdAt": "x"}, "sku": {"capacity": 1}}
    other = body | {"id": "/b", "name": "red", "systemData": {"createdAt": "y"}}
    text = said(side("fraud/blue", body), side("fraud/red", other))
    assert text.startswith("nothing that is known differs\n")
    assert "both are the same" in text


def test_a_definition_that_is_not_kept_is_named() -> None:
    text = said(side("fraud/blue", {}), side("fraud/red"))
    assert text.startswith("differs: definition")
    assert "that of fraud/red is not kept" in text


def test_a_fact_that_was_refused_is_no_value() -> None:
    asked = Fact("requests", "zero", "0", "metrics", None, None, None, None, None, None)
    refused = replace(asked, state="refused", known=None, code="Forbidden")
    left, right = side("fraud/blue"), side("fraud/red")
    text = said(replace(left, facts=(asked,)), replace(right, facts=(refused,)))
    assert "refused (Forbidden)" in text


async def test_two_marked_deployments_are_compared_and_one_is_not(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await mark(pilot, "fraud/red")
        await pilot.press("b")
        assert isinstance(app.screen, Deployments)
        assert "mark two deployments" in [str(n.message) for n in app._notifications][0]
        await mark(pilot, "fraud/blue")
        await pilot.press("b")
        await settled(pilot)
        assert isinstance(app.screen, Comparing)
        frame = frame_of(app)
        assert "fraud/red beside fraud/blue" in frame
        assert "differs: verdict, " in frame
        assert "definition" in frame


@pytest.mark.parametrize("width", [20, 60, 200])
def test_a_comparison_fits_any_width(width: int) -> None:
    left, right = side("fraud/blue", {"a": 1}), side("fraud/red", {"a": 2}, region="x" * 80)
    assert "differs: region, definition" in said(left, right, width).replace("\n  ", " ")
