"""Waits until no operation runs on a resource any more, as far as it says so itself."""

from __future__ import annotations

from collections.abc import Callable, Collection

from actions import writing
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import get_resource

DELETING = frozenset({"deleting"})
CREATING = frozenset({"creating", "updating", "scaling"})


def state_at_rest(
    reader: Reader, resource_id: str, busy: Collection[str], is_stop_wanted: Callable[[], bool]
) -> str | None:
    """Its state, once that is none of `busy` (in lower case); None where it stays so too long.

    What could not be read is raised: Missing where it is gone.
    """
    waited = 0.0
    while True:
        properties = get_resource(reader, resource_id)["properties"]
        state = str(properties.get("provisioningState") or "state unknown")
        if state.lower() not in busy:
            return state
        if waited >= writing.LONGEST_OPERATION_SECONDS or is_stop_wanted():
            return None
        reader.stop.wait(writing.POLL_SECONDS)
        waited += writing.POLL_SECONDS
