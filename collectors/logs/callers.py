"""Who called the deployments of an endpoint, by its traffic log where one is sent.

The log holds nothing from before its diagnostic setting, and its newest minutes come late
(azure.md A37); so an empty log is reported with these words, and never as "nobody".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from collectors.connection.errors import AzureFailure, Refused, one_line
from collectors.connection.reading import Reader
from collectors.connection.shapes import either, is_text, is_whole_number, odd_fields
from collectors.inventory.related import read_diagnostics
from collectors.inventory.resources import moment
from collectors.logs.traffic_log import (
    TrafficLog,
    ask_traffic_log,
    missing_in,
    rows_in,
    traffic_log_of,
)
from collectors.sources import LOG_READER

LONGEST_TEXT = 100
MOST_NAMES = 5
_TEXTS = ("DeploymentName", "AuthType", "IdentityData", "UserAgent")
_OF_A_CALL = {**dict.fromkeys(_TEXTS, is_text), "ResponseCode": either(is_whole_number, is_text)}
LATE = "calls of the last hour may be missing, and so is what came before the log was switched on"

# Whether a deployment had a share of traffic at a time (None: it cannot be determined).
HadShare = Callable[[str, datetime], bool | None]


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller of one deployment; a text is empty where the log has none (key auth: identity).

    `is_pinned`: the last call came while the deployment had no share, so that only its name in
    the header can have led there; False: it had one; None: it cannot be determined. `failures` are
    answers of 400 or more. Texts come from whoever called: one line, cut, and not to be trusted.
    """

    deployment: str
    auth_type: str
    identity: str
    user_agent: str
    is_pinned: bool | None
    last_call_at: datetime
    calls: int
    failures: int

    @property
    def who(self) -> str:
        """The identity, or what else is known of the caller, in words."""
        named = self.identity or f"somebody with {self.auth_type or 'unknown'} auth"
        return f"{named} ({self.user_agent})" if self.user_agent else named


@dataclass(frozen=True, slots=True)
class Callers:
    """What the traffic log tells, newest call first.

    `was_asked` False: no setting sends the log anywhere, so nothing was asked. `refused` is why
    the log, or a part of it, could not be read (None: it was read whole); calls that were seen
    all the same are calls. `summary` is the whole in a sentence.
    """

    was_asked: bool
    refused: str | None
    calls: tuple[Caller, ...]
    summary: str

    @property
    def others(self) -> str | None:
        """Who called beside the one that `summary` names, newest first; None: nobody else."""
        first = self.calls[0].who if self.calls else ""
        names = [name for name in dict.fromkeys(one.who for one in self.calls) if name != first]
        if not names:
            return None
        rest = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return f"called too by {', '.join(names[:MOST_NAMES])}{rest}"


def read_callers(
    reader: Reader, endpoint_id: str, deployment: str | None, since: datetime, now: datetime
) -> Callers:
    """Ask who called an endpoint, or one deployment of it, since then; no refusal is raised.

    One request for the endpoint's diagnostic settings, and one for each workspace that they name.
    """
    try:
        log = traffic_log_of(read_diagnostics(reader, endpoint_id))
    except AzureFailure as failure:
        why = f"its diagnostic settings: {failure.message} ({failure.code})"
        return _found((), (why,), since)
    return ask_callers(reader, log, endpoint_id, deployment, since, now)


def ask_callers(
    reader: Reader,
    log: TrafficLog,
    endpoint_id: str,
    deployment: str | None,
    since: datetime,
    now: datetime,
) -> Callers:
    """Who called, where it is known already to which workspaces the log goes."""
    if not log.is_sent:
        return Callers(False, None, (), "not asked: no traffic log")
    seen: tuple[Caller, ...] = ()
    missing: list[str] = []
    if not log.workspace_ids:
        missing.append("it goes to a storage account or an event hub only, which is not read")
    for workspace_id in log.workspace_ids:
        here: list[Caller] = []
        try:
            answer = ask_traffic_log(reader, workspace_id, endpoint_id, deployment, since, now)
            here += map(_caller, rows_in(answer, _is_call))
            missing += missing_in(answer, len(here))
        except AzureFailure as failure:
            missing.append(_why(failure))
        # Each workspace has the same calls: the fuller count of a caller is the better one.
        seen = _merged((*seen, *_merged(here, sum)), max)
    return _found(seen, missing, since)


def with_pins(found: Callers, had_share: HadShare) -> Callers:
    """The callers, marked where their last call came while the deployment had no share."""
    shares = [had_share(one.deployment, one.last_call_at) for one in found.calls]
    calls = (
        replace(one, is_pinned=None if share is None else not share)
        for one, share in zip(found.calls, shares, strict=True)
    )
    return replace(found, calls=tuple(calls))


def _is_call(row: Any) -> bool:
    """A row that tells when the last call was, how many there were, and by whom in texts."""
    return (
        isinstance(row, dict)
        and moment(row.get("last")) is not None
        and is_whole_number(row.get("requests"))
        and row["requests"] > 0
        and not odd_fields(row, _OF_A_CALL)
    )


def _caller(row: Mapping[str, Any]) -> Caller:
    last, calls = moment(row["last"]), row["requests"]
    assert last is not None
    code = row.get("ResponseCode")
    return Caller(
        deployment=_text(row.get("DeploymentName")),
        auth_type=_text(row.get("AuthType")),
        identity=_text(row.get("IdentityData")),
        user_agent=_text(row.get("UserAgent")),
        is_pinned=None,
        last_call_at=last,
        calls=calls,
        failures=calls if isinstance(code, int) and code >= 400 else 0,
    )


def _merged(
    seen: Iterable[Caller], together: Callable[[tuple[int, int]], int]
) -> tuple[Caller, ...]:
    """One caller for all that are the same, newest call first."""
    callers: dict[tuple[str, ...], Caller] = {}
    for one in seen:
        key = (one.deployment.lower(), one.auth_type, one.identity, one.user_agent)
        other = callers.get(key, replace(one, calls=0, failures=0))
        callers[key] = replace(
            one,
            last_call_at=max(one.last_call_at, other.last_call_at),
            calls=together((one.calls, other.calls)),
            failures=together((one.failures, other.failures)),
        )
    return tuple(sorted(callers.values(), key=lambda one: one.last_call_at, reverse=True))


def _found(calls: tuple[Caller, ...], missing: Iterable[str], since: datetime) -> Callers:
    refused = "; ".join(dict.fromkeys(missing)) or None
    parts = []
    if calls:
        last = calls[0].last_call_at.strftime("%Y-%m-%d %H:%M UTC")
        count = sum(one.calls for one in calls)
        parts.append(
            f"{count} {'call' if count == 1 else 'calls'} in the traffic log since"
            f" {since:%Y-%m-%d}, the last at {last} by {calls[0].who}"
        )
    if refused:
        parts.append(f"the traffic log could not be read whole: {refused}")
    if not parts:
        parts.append(f"no call in the traffic log since {since:%Y-%m-%d}; {LATE}")
    return Callers(True, refused, calls, "; ".join(parts))


def _why(failure: AzureFailure) -> str:
    text = f"{failure.message} ({failure.code})"
    if isinstance(failure, Refused):
        return f"{text}: {LOG_READER.fix}"
    return text


def _text(value: Any) -> str:
    return "" if value is None else one_line(str(value), LONGEST_TEXT)
