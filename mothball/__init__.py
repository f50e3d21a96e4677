"""The front door's package: the one name that an install puts into site-packages."""

import sys
from pathlib import Path

__version__ = "0.1.0"

_here = Path(__file__).resolve().parent
# In a wheel the rooms lie inside this package; in a checkout, beside it.
sys.path.insert(0, str(_here if (_here / "tui").is_dir() else _here.parent))
