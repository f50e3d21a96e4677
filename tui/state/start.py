"""What the interface opens on, where somebody named more than the store."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.views.preferences import SavedView


@dataclass(frozen=True, slots=True)
class Start:
    """A saved view, a filter within it or by itself, and the key of a deployment to go to."""

    view: SavedView | None = None
    filter: str = ""
    target: str | None = None

    @property
    def filtered_view(self) -> SavedView | None:
        """The view with both filters; None: none was named."""
        if self.view is None or not self.filter.strip():
            return self.view
        both = f"({self.view.filter}) ({self.filter})" if self.view.filter else self.filter
        return replace(self.view, name=f"{self.view.name}, filtered", filter=both)


NOTHING_NAMED = Start()
