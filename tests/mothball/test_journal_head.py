"""`mothball journal head`: the end of the journal, to be kept elsewhere and checked later."""

from __future__ import annotations

import pytest

from queries.store.journal import Happening, write
from tests.mothball.shop import Shop
from tests.scene import NOW
from tests.stores import store_at


def test_a_head_that_was_kept_tells_later_whether_its_entry_is_there(shop: Shop) -> None:
    assert "the journal is empty" in shop.run("journal", "head").err
    assert shop.run("journal", "head", "--format", "json").json == []
    store = store_at(shop.store)
    write(store, [Happening(NOW, "jo", "tag", f"/{number}", "done") for number in range(3)])
    head = shop.run("journal", "head").out.strip()
    assert head.startswith("3:")
    (fields,) = shop.run("journal", "head", "--format", "json").json
    assert head == f"{fields['sequence']}:{fields['hash']}"
    write(store, [Happening(NOW, "jo", "tag", "/3", "done")])
    for kept in (head, head[:10].upper()):
        assert shop.run("journal", "verify", "--head", kept).code == 0
    with store.noting() as connection:
        connection.execute("delete from journal where sequence > 2")
    assert shop.run("journal", "verify").code == 0
    result = shop.run("journal", "verify", "--head", head)
    assert (result.code, "entry 3" in result.one_line()) == (1, True)


@pytest.mark.parametrize("kept", ["3", "3:xyz", "three:abcdef", ""])
def test_what_is_no_head_is_refused_with_an_example_of_one(shop: Shop, kept: str) -> None:
    result = shop.run("journal", "verify", "--head", kept)
    assert (result.code, "journal head" in result.err) == (2, True)
