"""What a person asks for that the interface ends for, since the front door does it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExitRequest:
    """The sample tenant, or the cloud of a profile; None: the demo is meant."""

    profile: str | None = None

    @property
    def is_demo(self) -> bool:
        """Whether the sample tenant is meant."""
        return self.profile is None
