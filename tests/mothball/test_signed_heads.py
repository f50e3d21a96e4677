"""Signed heads of the journal: kept elsewhere, they show that it was cut, and are ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from queries.store.heads import heads
from queries.store.journal import Happening, write
from tests.mothball.shop import Shop
from tests.scene import NOW
from tests.stores import store_at


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private key and its public one, as `openssl genpkey -algorithm ed25519` makes them."""
    key = Ed25519PrivateKey.generate()
    private, public = tmp_path / "journal.key", tmp_path / "journal.pub"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


@pytest.fixture
def signing(
    shop: Shop, keys: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shop:
    """A journal of three entries, and settings with a key."""
    settings = tmp_path / "config.toml"
    settings.write_text(f'journal_key = "{keys[0]}"\n', encoding="utf-8")
    monkeypatch.setenv("MOTHBALL_CONFIG", str(settings))
    entries = [Happening(NOW, "jo", "tag", f"/{number}", "done") for number in range(3)]
    write(store_at(shop.store), entries)
    return shop


def test_a_signed_head_is_checked_by_the_public_key_and_tells_of_what_was_cut(
    signing: Shop, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    kept = tmp_path / "heads.jsonl"
    kept.write_text(signing.run("journal", "head", "--signed").out, encoding="utf-8")
    ways = ("journal", "verify", "--heads", str(kept), "--public-key", str(keys[1]))
    assert signing.run(*ways).code == 0
    head = json.loads(kept.read_text(encoding="utf-8"))
    forged = json.dumps(head | {"sequence": 2}) + "\nno head\n"
    kept.write_text(json.dumps(head) + "\n" + forged, encoding="utf-8")
    result = signing.run(*ways)
    assert result.code == 1
    assert f"line 2 of {kept} is not signed by that key" in result.err
    assert f"line 3 of {kept} is no head of a journal" in result.err
    assert "line 1" not in result.err
    with store_at(signing.store).noting() as connection:
        connection.execute("delete from journal where sequence > 2")
    assert "line 1 of" in signing.run("journal", "verify", "--heads", str(kept)).err


def test_a_snapshot_notes_a_signed_head(signing: Shop) -> None:
    assert signing.run("snapshot").code in (0, 3)
    [head] = heads(store_at(signing.store))
    assert (head.anchor.sequence, head.signature is not None) == (3, True)


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_key_that_cannot_be_used_is_told_before_azure_is_asked(
    signing: Shop, keys: tuple[Path, Path], content: bytes | None
) -> None:
    if content is None:
        keys[0].unlink()
    else:
        keys[0].write_bytes(content)
    for command in (("snapshot",), ("journal", "head", "--signed")):
        result = signing.run(*command)
        assert (result.code, "journal_key" in result.one_line()) == (2, True)


def test_a_key_of_another_kind_is_refused(
    signing: Shop, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    other = generate_private_key(SECP256R1())
    keys[0].write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert "no Ed25519 key" in signing.run("journal", "head", "--signed").one_line()
    kept = tmp_path / "heads.jsonl"
    kept.write_text("", encoding="utf-8")
    ways = ("journal", "verify", "--heads", str(kept), "--public-key", str(kept))
    assert signing.run(*ways).code == 2
    assert "has no head" in signing.run("journal", "verify", "--heads", str(kept)).one_line()


def test_signing_without_a_key_says_what_is_needed(shop: Shop) -> None:
    result = shop.run("journal", "head", "--signed")
    assert (result.code, "journal_key" in result.err) == (2, True)
