"""The names that a filter knows, as data: `FIELDS` are those of `mothball list`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from queries import vocabulary

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow

FieldKind = Literal["text", "texts", "tags", "number", "days", "date"]


@dataclass(frozen=True, slots=True)
class Field:
    """One name. `read` gives its value of a row, None where it is not known.

    With `none_is_known` an absent value means that there is none (no role), not that it is
    unknown. `words` are all values that there can be; then a value is compared as a whole.
    `reads` are the attributes of a row that `read` rests on; empty: any.
    """

    name: str
    aliases: tuple[str, ...]
    kind: FieldKind
    read: Callable[[Any], Any]
    none_is_known: bool = False
    words: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The name that is quickest to type."""
        return self.aliases[0] if self.aliases else self.name


def _plain(
    name: str,
    *aliases: str,
    kind: FieldKind = "text",
    none_is_known: bool = False,
    words: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
) -> Field:
    return Field(name, aliases, kind, attrgetter(name), none_is_known, words, reads or (name,))


def _day(name: str) -> Callable[[DeploymentRow], date | None]:
    read = attrgetter(name)

    def day(row: DeploymentRow) -> date | None:
        value = read(row)
        return value.date() if isinstance(value, datetime) else value

    return day


def _dated(name: str, *aliases: str) -> Field:
    return Field(name, aliases, "date", _day(name), reads=(name,))


def _written_day(name: str) -> Callable[[DeploymentRow], date | None]:
    """A date that a person wrote into a tag; None where it cannot be read."""
    read = attrgetter(name)

    def day(row: DeploymentRow) -> date | None:
        try:
            return date.fromisoformat(read(row) or "")
        except ValueError:
            return None

    return day


def _codes_and_sentences(name: str) -> Callable[[DeploymentRow], tuple[str, ...]]:
    read = attrgetter(name)

    def values(row: DeploymentRow) -> tuple[str, ...]:
        conclusions = read(row)
        return (*conclusions.codes, *conclusions.sentences)

    return values


def _age_days(row: DeploymentRow) -> int | None:
    return None if row.created_at is None else (row.as_of - row.created_at).days


FIELDS: tuple[Field, ...] = (
    _plain("verdict", words=vocabulary.NAMES),
    _plain("name", reads=("endpoint", "deployment")),
    _plain("workspace", "ws"),
    _plain("endpoint", "ep"),
    _plain("deployment", "dep", none_is_known=True),
    _plain("owner"),
    _plain("owner_source"),
    _plain("purpose", none_is_known=True),
    _plain("role", none_is_known=True, words=vocabulary.ROLES),
    _plain("tags", "tag", kind="tags"),
    _plain("monthly_run_rate", "rate", "run_rate", kind="number"),
    _plain("cost_in_window", "cost", kind="number"),
    _plain("list_price_per_month", "list", "list_price", kind="number"),
    _plain("run_rate_source", "rate_source", words=("billed", "list")),
    _plain("cost_through", kind="date"),
    _plain("currency"),
    _plain("requests_in_window", "requests", kind="number"),
    _plain("idle_days", "idle", kind="days"),
    _dated("last_request_at", "last_request", "asked"),
    _plain("live_traffic_percent", "live", "traffic", kind="number"),
    _plain("mirror_traffic_percent", "mirror", kind="number"),
    _plain("instance_type", "size", "sku"),
    _plain("instance_count", "instances", kind="number"),
    _plain("provisioning_state", "state"),
    _plain("kind", words=tuple(kind.name for kind in vocabulary.KINDS)),
    _plain("region"),
    _plain("subscription_id", "subscription", "sub"),
    _plain("resource_group", "group", "rg"),
    _plain("model"),
    _plain("environment", "env"),
    _dated("created_at", "created"),
    _plain("created_by", "creator"),
    _dated("last_changed_at", "changed"),
    _plain("last_changed_by", "changer"),
    Field("age", (), "days", _age_days, reads=("created_at", "as_of")),
    Field("expires_on", ("expires",), "date", _written_day("expires_on"), reads=("expires_on",)),
    _plain("rollback_for", none_is_known=True),
    Field("reasons", ("reason",), "texts", _codes_and_sentences("reasons"), reads=("reasons",)),
    Field("findings", ("finding",), "texts", _codes_and_sentences("findings"), reads=("findings",)),
    Field("reason_codes", (), "texts", attrgetter("reasons.codes"), reads=("reasons",)),
    Field("finding_codes", (), "texts", attrgetter("findings.codes"), reads=("findings",)),
    _plain("id"),
    _plain("snapshot_id", "snapshot"),
    _dated("as_of"),
)


def field_named(name: str, fields: tuple[Field, ...] = FIELDS) -> Field | None:
    """The field of a name or alias; case and `-` for `_` do not matter."""
    return _by_name(fields).get(name.lower().replace("-", "_"))


@cache
def _by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {name: field for field in fields for name in (field.name, *field.aliases)}
