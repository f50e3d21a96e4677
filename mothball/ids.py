"""What the ids of a subscription and of a management group look like."""

from __future__ import annotations

import re

_SUBSCRIPTION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Resource Manager's rule for the id of a management group.
_GROUP = re.compile(r"[\w().-]{1,90}", re.ASCII)
EXAMPLE = "00000000-0000-0000-0000-000000000000"


def is_subscription(text: str) -> bool:
    """A GUID in any case; neither a name nor a path nor one in braces."""
    return _SUBSCRIPTION.fullmatch(text) is not None


def is_management_group(text: str) -> bool:
    """An id without a path before it."""
    return _GROUP.fullmatch(text) is not None
