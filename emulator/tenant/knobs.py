"""In what ways the services answer, where Azure has several or none is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from emulator.tenant.graph_rows import Loss, SystemData


@dataclass
class Knobs:
    """One setting a line; as they are made, the services answer as their documents say."""

    # Whether nothing changes the tenant but the writes that it answers, so that what is worked out
    # for one page serves the next.
    is_still: bool = False
    # Whether Resource Graph has the column systemData; "null": it is there and empty.
    graph_has_system_data: SystemData = True
    # What Resource Graph loses of what Resource Manager has.
    graph_loses: frozenset[Loss] = frozenset()
    # Rows on a page of Resource Graph, at most.
    longest_graph_page: int = 1000
    # A page of more rows is refused as too large (None: none is).
    largest_graph_payload: int | None = None
    # So many pages after a first one begin with the last row of the page before, and lack their own
    # first (None: every one does).
    graph_shifts: int | None = 0
    # Whether Resource Graph gives the same page and the same skip token again and again.
    graph_repeats_token: bool = False
    # Whether the metrics batch refuses to split by the class of the status.
    status_classes_refused: bool = False
    # Whether the metrics batch refuses the aggregation Maximum.
    maximum_refused: bool = False
    # So many days a metrics answer holds at most (None: all that are asked for).
    metrics_longest_days: int | None = None
    # The interval that a metrics answer has whatever was asked for.
    metrics_interval: str | None = None
    # By how much the batch shows more than the single-resource call, for the same resource.
    batch_factor: float = 1.0
    # By how much the deployment's own namespace shows more requests than the endpoint's split.
    own_factor: float = 1.0
    # By how much Total is more than the requests that there were (None: no Total is given).
    total_factor: float | None = None
    # Whether a deployment emits its capacity on days without a request.
    capacity_when_silent: bool = True
    # So many answers say InProgress before an operation ends.
    polls_until_done: int = 1
    # What comes with answers of running operations. azure-core takes a Retry-After of 0 for none
    # at all and sleeps its own interval, so the wait is in milliseconds.
    polling_headers: dict[str, str] = field(default_factory=lambda: {"x-ms-retry-after-ms": "10"})
    # Whether a PATCH of a resource merges its tags, in place of replacing them.
    patch_merges_tags: bool = False
    # The address that links to next pages begin with (None: the one that was asked).
    next_link_base: str | None = None
    # Elements on a page of Resource Manager.
    page_size: int = 30
    # Whether the activity log holds the bodies of requests, which Azure does not promise.
    activity_has_bodies: bool = False
    # Events on a page of the activity log.
    activity_page_size: int = 200
    # Rows on a page of Resource Manager's list of resources, at most.
    longest_resource_page: int = 1000
    # How far that list is behind, and the ids that it lacks.
    resource_list_lags: timedelta = timedelta(0)
    not_in_resource_list: set[str] = field(default_factory=set)
    # By how much later it has each creation than the resource itself.
    resource_list_late: timedelta = timedelta(0)
    # Rows on a page of the bill, at most.
    longest_cost_page: int = 5000
    # Whether the rows of the bill carry the tags of endpoint and deployment.
    bill_has_tags: bool = True
    # Whether the locks of a resource name those that lie above it.
    locks_inherited: bool = True
    # By how much the time that answers bear is off.
    date_header_off: timedelta = timedelta(0)
    # What an identity may do, by its client id: actions as Azure names them, `*` for any part of
    # one. Who is not named may do everything.
    allowed_actions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Columns that the traffic log does not have.
    log_lacks: frozenset[str] = frozenset()
