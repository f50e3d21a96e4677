"""No writer lets out a secret, or a text that acts on what shows it; on either kind of store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.results import tried_kept
from tests.reliability.writers import found_by, shelf_in, tried


@pytest.mark.journey
def test_no_secret_and_no_text_that_acts_gets_out_and_every_value_comes_back(
    tmp_path: Path,
) -> None:
    with shelf_in(tmp_path) as shelf:
        found = list(found_by(shelf))
        assert found == []
        assert tried(found) in tried_kept()
