"""The words of the rooms, each once: verdicts with what follows from them, kinds, roles, facts.

SQL reads the same records from the tables `vocabulary_verdicts`, `vocabulary_kinds`,
`vocabulary_roles` and `vocabulary_facts`, which every store is given
(`queries.store.vocabulary_tables`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from collectors.records import ONLINE_KINDS
from queries.phrasing import Template, asked_without_share, fallback, too_young

Group = Literal["serves-nobody", "kept", "in-use", "not-judged", "pay-per-use"]
Tone = Literal["act", "broken", "doubt", "quiet", "kept", "alive"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict. `attention` is its place, from 1, among what wants to be looked at first.

    `group` is what the money of such deployments was spent on. `reasons` are the codes of why it
    was given, of which one decides, with their sentences. `load_barrier` is the code of why their
    load says nothing of their size; None: it may be looked at.
    """

    name: str
    group: Group
    tone: Tone
    symbol: str
    attention: int
    reasons: Mapping[str, Template]
    may_be_retired: bool = False
    load_barrier: str | None = None


# In the order in which they are tried: the first that fits counts.
VERDICTS = (
    Verdict(
        "serving",
        "in-use",
        "alive",
        "●",
        attention=10,
        reasons={
            "live-and-asked": (
                "holds {live_percent:g} % of live traffic; requests were seen on it in the window"
            ),
            "live-and-sibling-asked": (
                "holds {live_percent:g} % of live traffic; requests were seen on a sibling in the"
                " window, none on it"
            ),
        },
    ),
    Verdict(
        "shadow",
        "in-use",
        "alive",
        "◐",
        attention=9,
        reasons={"mirrored": "gets {mirror_percent:g} % of mirrored traffic"},
    ),
    Verdict(
        "direct",
        "in-use",
        "doubt",
        "◆",
        attention=5,
        reasons={"asked-without-share": asked_without_share},
    ),
    Verdict(
        "failed",
        "serves-nobody",
        "broken",
        "✗",
        attention=3,
        reasons={
            "provisioning-failed": (
                "its provisioning is {state} and no request was seen; it may be billed all the same"
            )
        },
        may_be_retired=True,
        load_barrier="nobody-asks",
    ),
    Verdict(
        "new",
        "not-judged",
        "kept",
        "+",
        attention=8,
        reasons={"too-young": too_young},
        load_barrier="too-young-to-measure",
    ),
    Verdict(
        "unknown",
        "not-judged",
        "doubt",
        "?",
        attention=4,
        reasons={},  # the missing evidence itself
        load_barrier="requests-unknown",
    ),
    Verdict(
        "protected",
        "kept",
        "kept",
        "■",
        attention=7,
        reasons={
            "locked": "locked: {names}",
            "exempt-unreadable": (
                "exempt by a tag on the {source} whose date cannot be read: {until}"
            ),
            "exempt": "exempt until {until} by a tag on the {source}",
            "production-role": "its role is production",
        },
        load_barrier="silent-but-protected",
    ),
    Verdict(
        "idle-endpoint",
        "serves-nobody",
        "act",
        "◎",
        attention=2,
        reasons={
            "whole-endpoint-silent": (
                "holds {live_percent:g} % of live traffic, and its whole endpoint is silent"
            )
        },
        may_be_retired=True,
        load_barrier="nobody-asks",
    ),
    Verdict(
        "rollback",
        "kept",
        "kept",
        "↺",
        attention=6,
        reasons={"fallback": fallback("its endpoint falls back on it")},
        load_barrier="kept-to-fall-back",
    ),
    Verdict(
        "idle",
        "serves-nobody",
        "act",
        "○",
        attention=1,
        reasons={"silent": "silent, without a share of traffic, and nothing falls back on it"},
        may_be_retired=True,
        load_barrier="nobody-asks",
    ),
    Verdict(
        "pay-per-use",
        "pay-per-use",
        "quiet",
        "·",
        attention=11,
        reasons={"no-instances": "a {kind} endpoint holds no instances of its own"},
    ),
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


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """A state of a subscription, in lower case, and whether Azure takes no write in it.

    azure.md A85 has them.
    """

    name: str
    refuses_writes: bool


SUBSCRIPTION_STATES = (
    SubscriptionState("enabled", False),
    SubscriptionState("warned", False),
    SubscriptionState("pastdue", False),
    SubscriptionState("disabled", True),
    SubscriptionState("deleted", True),
)

# What the tag of a deployment may say of it.
ROLES = ("production", "rollback", "test", "retire")

# What a verdict, an amount or a list of callers is made of.
Part = Literal[
    "existence",
    "traffic",
    "creation",
    "tags",
    "requests",
    "aliveness",
    "locks",
    "counts",
    "cost",
    "callers",
]


@dataclass(frozen=True, slots=True)
class AzureFact:
    """Something that the code takes for granted of Azure, and that a tenant can contradict.

    `number` is its section in docs/azure.md. Where it is contradicted, `rests_on_it` is unknown.
    `of_the_graph`: whoever reads an endpoint itself, as a guard does, rests on no such list.
    """

    name: str
    number: str
    rests_on_it: tuple[Part, ...]
    of_the_graph: bool = False


AZURE_FACTS = (
    AzureFact("graph-rows", "A92", ("existence",), of_the_graph=True),
    AzureFact("graph-traffic", "A92", ("traffic",), of_the_graph=True),
    AzureFact("graph-creation", "A92", ("creation",), of_the_graph=True),
    AzureFact("graph-tags", "A92", ("tags",), of_the_graph=True),
    AzureFact("list-creation", "A16", ("creation",), of_the_graph=True),
    AzureFact("metrics-batch", "A93", ("requests",)),
    AzureFact("both-namespaces", "A94", ("requests",)),
    AzureFact("average-hides-none", "A95", ("requests",)),
    AzureFact("average-counts", "A95", ("counts",)),
    AzureFact("bill-tags", "A96", ("cost",)),
    AzureFact("silent-capacity", "A97", ("aliveness",)),
    AzureFact("locks-inherited", "A98", ("locks",)),
    AzureFact("log-columns", "A99", ("callers",)),
)
