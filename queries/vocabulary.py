"""The words of the rooms, each once: verdicts with what follows from them, kinds, roles.

SQL reads the same records from the tables `vocabulary_verdicts`, `vocabulary_kinds` and
`vocabulary_roles`, which every store is given (`queries.store.vocabulary_tables`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from collectors.records import ONLINE_KINDS

Group = Literal["serves-nobody", "kept", "in-use", "not-judged", "pay-per-use"]
Tone = Literal["act", "broken", "doubt", "quiet", "kept", "alive"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict. `attention` is its place, from 1, among what wants to be looked at first.

    `group` is what the money of such deployments was spent on. `load_barrier` is the code of why
    their load says nothing of their size; None: it may be looked at.
    """

    name: str
    group: Group
    tone: Tone
    symbol: str
    attention: int
    may_be_retired: bool = False
    load_barrier: str | None = None


# In the order in which they are tried: the first that fits counts.
VERDICTS = (
    Verdict("serving", "in-use", "alive", "●", 10),
    Verdict("shadow", "in-use", "alive", "◐", 9),
    Verdict("direct", "in-use", "doubt", "◆", 5),
    Verdict("failed", "serves-nobody", "broken", "✗", 3, True, "nobody-asks"),
    Verdict("new", "not-judged", "kept", "+", 8, load_barrier="too-young-to-measure"),
    Verdict("unknown", "not-judged", "doubt", "?", 4, load_barrier="requests-unknown"),
    Verdict("protected", "kept", "kept", "■", 7, load_barrier="silent-but-protected"),
    Verdict("idle-endpoint", "serves-nobody", "act", "◎", 2, True, "nobody-asks"),
    Verdict("rollback", "kept", "kept", "↺", 6, load_barrier="kept-to-fall-back"),
    Verdict("idle", "serves-nobody", "act", "○", 1, True, "nobody-asks"),
    Verdict("pay-per-use", "pay-per-use", "quiet", "·", 11),
)
BY_ATTENTION = tuple(sorted(VERDICTS, key=lambda verdict: verdict.attention))
NAMES = tuple(verdict.name for verdict in VERDICTS)
# They hold instances, and no request is answered by them.
SERVES_NOBODY = tuple(v.name for v in BY_ATTENTION if v.group == "serves-nobody")
RETIRABLE = tuple(v.name for v in BY_ATTENTION if v.may_be_retired)

# What a line of the bill says in place of a verdict, where no snapshot's verdict is of its day.
BILLED_AS: dict[str, Group] = {"asked": "in-use", "not judged": "not-judged"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of endpoint: whether it splits live traffic, and whether Azure Monitor measures it."""

    name: str
    is_online: bool
    is_measured: bool


KINDS = tuple(
    Kind(name, name in ONLINE_KINDS, name == "managed")
    for name in ("managed", "kubernetes", "batch", "serverless")
)
ONLINE = tuple(kind.name for kind in KINDS if kind.is_online)

# What the tag of a deployment may say of it.
ROLES = ("production", "rollback", "test", "retire")
