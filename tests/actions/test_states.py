"""Codes are what programs test, and words are what people read."""

from __future__ import annotations

from typing import get_args

import pytest

from actions.deletion.by_hand import for_deployment
from actions.states import WORDS, Remark, Stage, progress_words

ENDPOINT = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices"
    "/workspaces/w/onlineEndpoints/e"
)


def test_only_what_is_a_stage_is_called_otherwise() -> None:
    assert set(WORDS) <= set(get_args(Stage))


def test_a_remark_is_read_as_it_stands_and_a_stage_in_words() -> None:
    assert progress_words(Remark("guarding")) == "guarding"
    assert progress_words("rereading") == "reading once more"
    assert progress_words("deleted") == "deleted"


@pytest.mark.parametrize("name", ["create", "delete", "traffic"])
def test_a_step_by_hand_is_known_by_its_verb_whatever_the_deployment_is_called(name: str) -> None:
    endpoint = {"properties": {"traffic": {name: 100}}}
    steps = for_deployment(f"{ENDPOINT}/deployments/{name}", endpoint)
    assert [step.verb for step in steps] == ["delete", "create", "traffic"]
    assert steps[1].what == f"create {name}"
