"""What is known of sizes, scaling and quota, in lines for people; every face shows the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.records import counted
from queries.text.untrusted import UNKNOWN

if TYPE_CHECKING:
    from decimal import Decimal

    from queries.money.sizing import AutoscaleRow, QuotaRow, SizingRow

# Azure's own advice for production, and the sizes that it warns may be too small for a model.
PRODUCTION_INSTANCES = 3
CRAMPED = ("Standard_DS1_v2", "Standard_F2s_v2")


def load_lines(row: SizingRow) -> list[str]:
    """How busy it was, and how well it answered."""
    lines = [
        _load("CPU", row.cpu_mean, row.cpu_highest),
        _load("memory", row.memory_mean, row.memory_highest),
    ]
    if row.gpu_mean is not None or row.gpu_memory_mean is not None:
        lines.append(_load("GPU", row.gpu_mean, row.gpu_highest))
        lines.append(_load("GPU memory", row.gpu_memory_mean, row.gpu_memory_highest))
    latency, failures = _number(row.latency_p95_ms, " ms"), UNKNOWN
    if row.failure_share is not None:
        failures = f"{row.failure_share:.1%}"
    return [
        f"measured on {row.days_measured} of {counted(row.days_to_measure, 'day')}",
        *lines,
        f"P95 latency {latency}, at the highest {_number(row.latency_p95_highest_ms, ' ms')}",
        f"requests that failed (5xx) {failures}",
    ]


def saving_lines(row: SizingRow) -> list[str]:
    """How it could do with less and what that saves, or why not."""
    lines = []
    if row.could_run_on_instances is not None:
        whole = counted(row.instance_count or 0, "instance")
        change = f"{row.could_run_on_instances} of its {whole} would do"
        advice = ""
        if row.could_run_on_instances < PRODUCTION_INSTANCES:
            advice = f" (for production Azure advises {PRODUCTION_INSTANCES} or more)"
        lines.append(change + _saving(row.saving_by_instances_per_month, row) + advice)
    if row.could_run_on_size is not None:
        change = f"{row.could_run_on_size} in place of {row.instance_type} would do"
        advice = " (a size cannot be changed: it takes a deployment beside this one)"
        if row.could_run_on_size in CRAMPED:
            advice += " (Azure warns that so small a size may be too small for a model)"
        lines.append(change + _saving(row.saving_by_size_per_month, row) + advice)
    return lines + [f"why not less: {reason}" for reason in row.why_not.sentences]


def autoscale_line(row: AutoscaleRow) -> str:
    """One autoscale setting."""
    state = {True: "active", False: "switched off", None: "active or not, it does not say"}
    counts = (row.minimum, row.maximum, row.default_count)
    least, most, usual = (UNKNOWN if count is None else str(count) for count in counts)
    profiles = f", {counted(row.profiles, 'profile')}" if row.profiles > 1 else ""
    return (
        f"{row.name}: {state[row.enabled]}, {least} to {most} instances, default {usual}{profiles};"
        " its target is this deployment"
    )


def quota_line(row: QuotaRow) -> str:
    """The quota that comes back."""
    if row.cores is None:
        return f"not known: {row.why_unknown}"
    reserve = "no reserve" if row.skips_reserve else "with the reserve of 20 %"
    return (
        f"{counted(row.cores, 'core')} of {row.family} in {row.region or 'an unknown region'}"
        f" ({row.instance_count} × {row.cores_per_instance}, {reserve})"
    )


def _load(name: str, mean: float | None, highest: float | None) -> str:
    return f"{name} {_number(mean, ' %')} in the mean, {_number(highest, ' %')} at the highest"


def _saving(amount: Decimal | None, row: SizingRow) -> str:
    if amount is None:
        return ", what it saves is not known"
    mark = " by the list price" if row.run_rate_source == "list" else ""
    return f", saving {amount:,.2f} {row.currency} a month{mark}"


def _number(value: float | None, unit: str) -> str:
    return UNKNOWN if value is None else f"{value:,.0f}{unit}"
