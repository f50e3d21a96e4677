"""What a recording says of itself: before it is made, and to whoever opens it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from actions.session import Session

KEPT = (
    "shapes, times, states, sizes, regions, types, error codes and numbers;",
    "the tag names that the settings give a meaning, the four roles, and dates in such tags.",
)
REPLACED = (
    "ids, names, tag names and values, hosts, people and free text, by a hash whose key is kept",
    "nowhere: equal ones stay equal. So is whatever is not known to be harmless.",
)
DROPPED = ("values of environment variables, keys, tokens, and all headers but those of waiting.",)
STATEMENT = (f"kept: {' '.join(KEPT)}", f"replaced: {' '.join(REPLACED)}", f"dropped: {DROPPED[0]}")
RECORDING = "recording.json"
SETTINGS = "config.toml"
ADDRESSES = ("resource_manager", "metrics", "logs", "retail_prices")
_README = """# A recording of one snapshot

What an Azure tenant answered to `mothball snapshot`, pseudonymised.

- Kept: {kept}
- Replaced: {replaced}
- Dropped: {dropped}

A name is `x` and twelve letters; a name in capitals stays in capitals. An unknown field has such a
name too, and its numbers are 0.

| | |
| --- | --- |
| as of | {at} |
| made by | {made_by} |
| the snapshot | {ended} |
| answers | {answers} |

`answers/` has a file for each request with its answer, in the order in which the answers came;
`recording.json` says what this is, `config.toml` has the settings that verdicts rest on.

## Replay it

From a checkout of Mothball:

```console
python -m emulator --replay DIR
```

It prints the two commands that take the snapshot again, as of the time of the recording.
"""


def index_of(session: Session, at: datetime, made_by: str, ended: str, answers: int) -> str:
    """`recording.json`."""
    index = {
        "format": 1,
        "made_by": made_by,
        "recorded_at": at.isoformat().replace("+00:00", "Z"),
        "snapshot": ended,
        "answers": answers,
        "addresses": [name for name in ADDRESSES if getattr(session.cloud, name) is not None],
    }
    return json.dumps(index, indent=1) + "\n"


def settings_of(session: Session, window_days: int, subscriptions: tuple[str, ...]) -> str:
    """`config.toml`: what the replayed snapshot has to know; the ids are the recording's."""
    policy = session.policy
    top = {
        "window_days": window_days,
        "minimum_age_days": policy.minimum_age_days,
        "rollbacks_kept": policy.rollbacks_kept,
        "subscriptions": list(subscriptions),
    }
    basis = "amortized" if session.cost_basis.startswith("Amortized") else "actual"
    return "\n".join(
        (
            _lines(top),
            "[tags]",
            _lines({meaning: list(names) for meaning, names in policy.tags.items()}),
            "[costs]",
            _lines({"basis": basis}),
            "[prices]",
            _lines({"currency": session.prices.currency}),
        )
    )


def readme_of(at: datetime, made_by: str, ended: str, answers: int) -> str:
    """`README.md`."""
    return _README.format(
        kept=" ".join(KEPT),
        replaced=" ".join(REPLACED),
        dropped=" ".join(DROPPED),
        at=f"{at:%Y-%m-%d %H:%M:%S} UTC",
        made_by=made_by,
        ended=ended,
        answers=answers,
    )


def _lines(values: Mapping[str, object]) -> str:
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
