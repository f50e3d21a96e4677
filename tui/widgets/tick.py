"""A box to tick that says by its sign, and not by a colour alone, whether it is ticked."""

from __future__ import annotations

from textual.widgets import Checkbox


class Tick(Checkbox):
    """Textual draws the same sign in both states, in another colour."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        """Change the sign with the value."""
        self.BUTTON_INNER = "✓" if self.value else " "
        super().watch_value()
