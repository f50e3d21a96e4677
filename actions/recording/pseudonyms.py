"""Names in place of names: equal ones get equal ones, and nobody can turn them back.

A pseudonym is a keyed hash (HMAC-SHA-256). The key is random, lives as long as one recording is
made, and is written nowhere; so two recordings of one tenant have no pseudonym in common.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import uuid
from collections.abc import Callable

# Letters of a name's pseudonym behind its `x`: 60 bits, and short enough for every name of Azure.
LETTERS = 12


class Pseudonyms:
    """The pseudonyms of one recording.

    Case does not matter, since Azure's names compare without it; what was written all in capitals
    stays so. Names and GUIDs are of different kinds, so that each keeps its form.
    """

    def __init__(self) -> None:
        """Take a new key."""
        self._key = secrets.token_bytes(32)
        self._known: dict[tuple[str, str], str] = {}

    def name(self, text: str) -> str:
        """`x` and twelve letters."""
        return self._of("name", text, self._name)

    def guid(self, text: str) -> str:
        """Another GUID."""
        return self._of("guid", text, self._guid)

    def _of(self, kind: str, text: str, make: Callable[[str], str]) -> str:
        folded = text.strip().casefold()
        known = self._known.get((kind, folded))
        if known is None:
            known = self._known[kind, folded] = make(folded)
        return known.upper() if text.isupper() else known

    def _name(self, folded: str) -> str:
        letters = base64.b32encode(self._hash("name", folded)).decode("ascii").lower()
        return f"x{letters[:LETTERS]}"

    def _guid(self, folded: str) -> str:
        return str(uuid.UUID(bytes=self._hash("guid", folded)[:16], version=4))

    def _hash(self, kind: str, folded: str) -> bytes:
        return hmac.digest(
            self._key, f"{kind}\0{folded}".encode("utf-8", "surrogatepass"), "sha256"
        )
