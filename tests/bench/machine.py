"""With what and on what is measured; nothing that says where."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from tests.bench.processes import ROOT

LIBRARIES = ("duckdb", "textual", "rich", "azure-ai-ml")


def versions() -> dict[str, str]:
    """Of what was measured."""
    lines = (ROOT / "mothball" / "__init__.py").read_text(encoding="utf-8").splitlines()
    (own,) = [line.split('"')[1] for line in lines if line.startswith("__version__")]
    known = {"mothball": own, "python": platform.python_version()}
    return known | {name: version(name) for name in LIBRARIES}


def machine() -> dict[str, float]:
    """What it was measured on."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {"cores": len(os.sched_getaffinity(0)), "memory_gb": round(pages * size / 2**30, 1)}
