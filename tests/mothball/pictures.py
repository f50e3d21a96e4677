"""Pictures of the review for the documentation, light and dark.

python -m tests.mothball.pictures docs/    needs Chromium
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from emulator import Emulator, sample_tenant
from mothball.cli import run


def main(folder: Path) -> None:
    """Snapshot the sample tenant, write its review, and take two screenshots."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    assert browser is not None, "needs Chromium"
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as aside, Emulator(sample_tenant(now)) as azure:
        os.environ.update(azure.environment)
        page = Path(aside) / "review.html"
        given = ["--store", f"{aside}/store.duckdb", "--cloud", str(azure.profile)]
        quarter = f"{now.year}-Q{(now.month - 1) // 3 + 1}"
        run(["snapshot", "--cost-months", "6", *given])
        run(["report", "review", "--quarter", quarter, "--out", str(page), *given])
        for scheme, option in (("light", "1"), ("dark", "0")):
            picture = (folder / f"review-{scheme}.png").absolute()
            subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--screenshot={picture}",
                 f"--blink-settings=preferredColorScheme={option}", "--window-size=1180,1250",
                 "--hide-scrollbars", page.as_uri()],
                check=True, capture_output=True,
            )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
