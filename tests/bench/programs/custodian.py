"""Cloud Custodian against the stand-in: its public cloud's addresses, bent to one address.

PYTHON tests/bench/programs/custodian.py URL run …

PYTHON is that of an environment with c7n and c7n-azure in it.
"""

from __future__ import annotations

import sys
from typing import Any


def main() -> None:
    """Run `custodian` with the arguments that follow the address."""
    from c7n.cli import main as custodian  # type: ignore[import-not-found]
    from msrestazure.azure_cloud import AZURE_PUBLIC_CLOUD  # type: ignore[import-not-found]

    url, *sys.argv[1:] = sys.argv[1:]
    endpoints: Any = AZURE_PUBLIC_CLOUD.endpoints
    for name in ("resource_manager", "management", "active_directory_resource_id"):
        setattr(endpoints, name, f"{url}/")
    endpoints.active_directory = url
    custodian()


if __name__ == "__main__":
    main()
