"""How far an act is and what became of it, as codes; the words for them are the two faces' own.

What is journalled and what `--format json` writes are these codes.
"""

from __future__ import annotations

from typing import Literal

CheckState = Literal["pass", "fail", "unknown"]

TagOutcome = Literal["planned", "left", "restored", "refused", "failed"]
"""A tag that was lost."""

DecisionOutcome = Literal["would change", "nothing to change", "done", "wrong", "refused", "failed"]
"""An owner's answer."""

WriteState = Literal["waiting", "left", "done", "refused", "failed", "stopped"]
"""One of several targets: `left` is not to be written to, `stopped` was not come to."""
