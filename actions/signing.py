"""Signs heads of the journal with Ed25519, and checks signatures by the public key."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queries.store.heads import Sign


class BadKey(ValueError):
    """A file that is no Ed25519 key in PEM, or cannot be read; the text says which."""


def signer_of(path: Path) -> Sign:
    """Signs by a private key without a password; BadKey."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadKey(f"{path} cannot be used to sign: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} cannot be used to sign: it is no Ed25519 key")
    return lambda text: b64encode(key.sign(text.encode())).decode("ascii")


def checker_of(path: Path) -> Callable[[str, str], bool]:
    """Whether a text has this signature, by a public key; BadKey."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadKey(f"{path} is no public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey(f"{path} is no public key of Ed25519")

    def is_signed(text: str, signature: str) -> bool:
        try:
            key.verify(b64decode(signature, validate=True), text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True

    return is_signed
