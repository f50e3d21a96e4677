"""What is proposed: a row each, in the shape of the recommendations of Microsoft's FinOps hubs.

The columns are those of their managed data set Recommendations (docs/proposals.md), then ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from queries.estate.packed_questions import current_rows
from queries.estate.rows import DeploymentRow
from queries.store import library
from queries.store.file import Store
from queries.text.json_text import json_text

COLUMNS: Final = (
    "ProviderName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "SubAccountId",
    "SubAccountName",
    "Tags",
    "x_EffectiveCostAfter",
    "x_EffectiveCostBefore",
    "x_EffectiveCostSavings",
    "x_RecommendationCategory",
    "x_RecommendationDate",
    "x_RecommendationDescription",
    "x_RecommendationDetails",
    "x_RecommendationId",
    "x_ResourceGroupName",
    "x_SourceName",
    "x_SourceProvider",
    "x_SourceType",
    "x_SourceVersion",
    "x_Proposal",
    "x_Currency",
    "x_Verdict",
    "x_Owner",
)
# An exemption that holds for longer is an answer, and nothing to propose.
ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of proposal; `description` is the same for all of it, `type_id` never changes."""

    name: str
    type_id: str
    description: str


RETIRE = Kind(
    "retire", "45bdc9bd-fb72-408c-96d1-3a45a122f900", "A deployment costs money and serves nobody"
)
RESIZE = Kind(
    "resize", "d084db1b-98ac-401a-b577-d86bcf769898", "A deployment could run on less than it has"
)
UNPROTECT = Kind(
    "unprotect",
    "f572270a-ed3b-4a4d-b461-b6c065d044ff",
    "A deployment serves nobody and is protected from being retired",
)
KINDS: Final = (RETIRE, RESIZE, UNPROTECT)


@dataclass(frozen=True, slots=True)
class Size:
    """The less that a deployment could run on, by instances or by size (None: not that way)."""

    could_run_on_instances: int | None
    could_run_on_size: str | None
    saving_per_month: Decimal | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed of one deployment; `saving_per_month` in its currency, None: not known."""

    kind: Kind
    row: DeploymentRow
    subscription: str | None
    size: Size | None
    saving_per_month: Decimal | None


def read_proposals(store: Store) -> list[Proposal]:
    """Every proposal, by kind, the most money first, unknown before that."""
    rows = current_rows(store)
    with store.reading() as connection:
        named = library.ask(connection, "subscription_names")
        names = {row["subscription_id"]: row["name"] for row in named}
        sizes = {
            found.pop("deployment_key"): Size(**found)
            for found in library.ask(connection, "sizes_proposed")
        }
    found = (
        _proposal(row, names.get(row.subscription_id.lower()), sizes.get(row.deployment_key))
        for row in rows
    )
    return sorted((one for one in found if one is not None), key=_order)


def kind_of(row: DeploymentRow, size: Size | None) -> Kind | None:
    """What is proposed of a deployment; None: nothing, or Azure takes no write on it."""
    if row.refuses_writes is not None:
        return None
    if row.may_be_retired:
        return RETIRE
    if row.verdict == "protected" and not _is_answered(row):
        return UNPROTECT
    return RESIZE if size is not None else None


def savings_of(proposals: Iterable[Proposal]) -> dict[str, Decimal]:
    """What they would save a month, by currency, as far as it is known."""
    sums: dict[str, Decimal] = {}
    for one in proposals:
        if one.saving_per_month is not None and one.row.currency is not None:
            sums[one.row.currency] = sums.get(one.row.currency, Decimal(0)) + one.saving_per_month
    return sums


def line_of(proposal: Proposal) -> dict[str, Any]:
    """A proposal by the columns of the file; costs are a month."""
    row, kind = proposal.row, proposal.kind
    before, saving = _short(row.monthly_run_rate), _short(proposal.saving_per_month)
    return {
        "ProviderName": "Microsoft",
        "ResourceId": row.deployment_key,
        "ResourceName": row.name.lower(),
        "ResourceType": _type_of(row.deployment_key),
        "SubAccountId": row.subscription_id.lower(),
        "SubAccountName": proposal.subscription,
        "Tags": json_text(row.tags, indent=None),
        "x_EffectiveCostAfter": None if before is None or saving is None else before - saving,
        "x_EffectiveCostBefore": before,
        "x_EffectiveCostSavings": saving,
        "x_RecommendationCategory": "Cost",
        "x_RecommendationDate": row.as_of,
        "x_RecommendationDescription": kind.description,
        "x_RecommendationDetails": json_text(_details(proposal), indent=None),
        "x_RecommendationId": f"{row.deployment_key}-mothball-{kind.name}",
        "x_ResourceGroupName": row.resource_group.lower(),
        "x_SourceName": "Mothball",
        "x_SourceProvider": "Microsoft",
        "x_SourceType": f"Mothball-{kind.name.capitalize()}",
        "x_SourceVersion": "1.0",
        "x_Proposal": kind.name,
        "x_Currency": row.currency,
        "x_Verdict": row.verdict,
        "x_Owner": row.owner,
    }


def _proposal(row: DeploymentRow, subscription: str | None, size: Size | None) -> Proposal | None:
    kind = kind_of(row, size)
    if kind is None:
        return None
    if kind is RESIZE and size is not None:
        return Proposal(kind, row, subscription, size, size.saving_per_month)
    rate = row.monthly_run_rate if row.kind == "managed" else None
    return Proposal(kind, row, subscription, None, rate)


def _is_answered(row: DeploymentRow) -> bool:
    """Whether an exemption keeps it for long: somebody has decided that."""
    if not row.exemption_in_force or row.exempt_until is None:
        return False
    try:
        until = date.fromisoformat(row.exempt_until.strip())
    except ValueError:
        return False
    return until - row.as_of.date() > ENDS_SOON


def _details(proposal: Proposal) -> Mapping[str, Any]:
    """Why, and what to do: the four that hubs want of every recommendation, then the evidence."""
    row = proposal.row
    return {
        "x_RecommendationProvider": "Mothball",
        "x_RecommendationSolution": _solution(proposal),
        "x_RecommendationTypeId": proposal.kind.type_id,
        "x_ResourceType": _type_of(row.deployment_key),
        "deployment": row.path,
        "region": row.region,
        "verdict": row.verdict,
        "reasons": row.reasons.sentences,
        "findings": row.findings.sentences,
        "requests_in_window": row.requests_in_window,
        "window_days": row.window_days,
        "last_request_at": row.last_request_at,
        "idle_days": row.idle_days,
        "instance_type": row.instance_type,
        "instance_count": row.instance_count,
        "monthly_run_rate": _short(row.monthly_run_rate),
        "run_rate_source": row.run_rate_source,
        "cost_since_idle": _short(row.cost_since_idle),
        "currency": row.currency,
        "costs_are_of": "month",
        "money_explained": row.explanation,
        "owner": row.owner,
        "owner_source": row.owner_source,
        "exempt_until": row.exempt_until,
        "less": None if proposal.size is None else asdict(proposal.size),
    }


def _solution(proposal: Proposal) -> str:
    """What to do, in a sentence."""
    row, size = proposal.row, proposal.size
    if proposal.kind is RETIRE:
        return f"Ask its owner, then retire it: mothball retire {row.path}"
    if proposal.kind is UNPROTECT:
        why = "; ".join(row.reasons.sentences)
        return f"Ask whether it is still to be kept; it is protected: {why}"
    assert size is not None
    ways = []
    if size.could_run_on_instances is not None:
        ways.append(f"run it on {size.could_run_on_instances} of {row.instance_count} instances")
    if size.could_run_on_size is not None:
        ways.append(f"create it anew on {size.could_run_on_size} in place of {row.instance_type}")
    text = ", or ".join(ways)
    return text[0].upper() + text[1:]


def _type_of(resource_id: str) -> str:
    """The ARM type of an id, as microsoft.machinelearningservices/workspaces/…."""
    provider, *names = resource_id.partition("/providers/")[2].split("/")
    return "/".join([provider, *names[::2]])


def _order(proposal: Proposal) -> tuple[int, bool, Decimal, str]:
    saving = proposal.saving_per_month
    place = KINDS.index(proposal.kind)
    return place, saving is not None, -(saving or Decimal(0)), proposal.row.path.lower()


def _short(amount: Decimal | None) -> Decimal | None:
    """An amount to the millionth: sums stay right to the cent, and cells stay readable."""
    return None if amount is None else amount.quantize(Decimal("0.000001"))
