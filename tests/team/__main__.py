"""What `make team` needs of this machine; a line for each that is missing.

Without PostgreSQL nothing can be held to anything. Without azurite its own tests are left out.
"""

from __future__ import annotations

import sys

from tests.team import azurite, server

if __name__ == "__main__":
    if lacking := azurite.missing():
        print(f"{lacking}: what needs it is left out", file=sys.stderr)
    sys.exit(server.missing())
