"""Who called a deployment, and whether what it was made from still exists: asked of Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.records import counted
from tui.details.parts import MUTED, STRONG, WARNING, section, signed
from tui.dialogs.sheet import Sheet
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts, Rendering, hanging

if TYPE_CHECKING:
    from actions.ask import Asked
    from collectors.connection.patience import Stop
    from collectors.inventory.assets import Asset
    from collectors.logs.callers import Caller
    from queries.estate.rows import DeploymentRow


class CallersSheet(Sheet):
    """Who calls a deployment, as `mothball show --callers` shows it; only reads are sent."""

    doing = "asking Azure for the callers and the assets"
    hint = "esc closes   / searches   c copies all   r asks again"
    BINDINGS = [("r", "again", "ask again")]

    def __init__(self, row: DeploymentRow) -> None:
        """Keep whose callers they are."""
        super().__init__()
        self._row = row
        self.title_text = f"who called {row.name}"

    def fetch(self, stop: Stop) -> Rendering:
        """Ask."""
        from actions.ask import ask

        session, row = self.app.session, self._row
        asked = ask(session, row, stop, self.throttled)
        return lambda width: callers_parts(asked, width)

    def action_again(self) -> None:
        """Ask once more."""
        self.begin()


def callers_parts(asked: Asked, width: int) -> Parts:
    """What the log tells in a sentence, each caller, then the assets."""
    found = asked.callers
    style = WARNING if found.refused or not found.was_asked else ""
    calls = [part for one in found.calls for part in _caller(one, width)]
    assets = [part for one in asked.assets for part in _asset(one, width)]
    return [
        *signed("✗" if found.refused else "•", found.summary, width, style),
        *section("callers, the newest first", calls, width),
        *section("made from", assets, width),
    ]


def _caller(one: Caller, width: int) -> Parts:
    """Who, how, how often and when; and whether its name in a header led there."""
    failed = f", {one.failures:,} failed" if one.failures else ""
    text = (
        f"{counted(one.calls, 'call')}{failed}, the last at {one.last_call_at:%Y-%m-%d %H:%M} UTC"
    )
    pin = {
        True: "pinned: it called by name while the deployment had no share",
        False: "it came by the endpoint's traffic",
        None: "whether by name or by traffic cannot be determined",
    }[one.is_pinned]
    about = " · ".join(filter(None, (text, one.auth_type, pin)))
    style = WARNING if one.is_pinned else ""
    return [
        *signed("●", one.who, width, STRONG),
        (f"  {hanging(harmless(about), width, 2)}\n", style),
    ]


def _asset(one: Asset, width: int) -> Parts:
    sign = {True: "✓", False: "✗", None: "?"}[one.exists]
    style = {True: "$text-success", False: "$text-error", None: MUTED}[one.exists]
    return signed(sign, one.summary, width, style)
