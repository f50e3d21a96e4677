"""What a first start shows: there is nothing yet, and how to get something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.untrusted import harmless

if TYPE_CHECKING:
    from tui.app import MothballApp


class Welcome(Static):
    """Three ways to go on from an empty store."""

    app: MothballApp

    def on_mount(self) -> None:
        """Name the store that is empty."""
        operator = self.app.operator
        self.update(
            Content.assemble(
                ("No snapshot yet\n\n", "bold"),
                "Mothball finds Azure ML deployments that cost money and serve nobody.\n",
                "It only reads until you confirm a plan.\n\n",
                ("r", "bold $text-accent"),
                f"  takes a snapshot of all that your sign-in may read in"
                f" {harmless(operator.cloud.name)}.\n",
                "   Not signed in? Leave with q, run `az login`, or set AZURE_TENANT_ID,\n",
                "   AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. `mothball doctor` tells what is"
                " missing.\n\n",
                ("q", "bold $text-accent"),
                "  leaves. `mothball demo` shows a sample tenant that needs no account.\n\n",
                (f"store: {harmless(str(operator.store.path))}", "$text-muted"),
            )
        )
