"""What may stand under `catalogue` in the settings, and what is said of what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.store.catalogue import catalogue_from
from tests.team.conftest import Command

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("postgres:host=db dbname=mothball", {"host": "db", "dbname": "mothball"}),
        (r"postgres: host = 'a b' user='it\'s'", {"host": "a b", "user": "it's"}),
        (r"postgres:dbname=a\ b", {"dbname": "a b"}),
        ("postgres:", {}),
    ],
)
def test_words_are_read_as_libpq_reads_them(given: str, words: dict[str, str]) -> None:
    catalogue = catalogue_from(given)
    assert catalogue.words == words
    assert catalogue_from("postgres:" + catalogue.connection_with()).words.items() >= words.items()


def test_every_wait_has_a_limit_and_a_setting_of_ones_own_stays() -> None:
    mine = catalogue_from("postgres:host=db connect_timeout=3 options='-c role=team_operator'")
    words = catalogue_from("postgres:" + mine.connection_with()).words
    assert words["connect_timeout"] == "3"
    assert "role=team_operator" in words["options"]
    assert "statement_timeout" in words["options"]
    assert "tcp_user_timeout" in words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (f"postgres:host=db password={SECRET}", "~/.pgpass"),
        (f"postgres:host=db PASSWORD = '{SECRET}'", "PGPASSWORD"),
        (f"postgres:sslpassword={SECRET} host=db", "password file"),
        (f"postgres:host=db passwort={SECRET}", "no word 'passwort'"),
        (f"postgres:postgresql://jo:{SECRET}@db/mothball", "libpq would not understand"),
        (f"postgresql://jo:{SECRET}@db/mothball", "this is no catalogue"),
        ("host=db dbname=mothball", "this is no catalogue"),
        ("mothball", "this is no catalogue"),
        ("/data/team.db", "this is no catalogue"),
        ("team.ducklake", "not an absolute path"),
        ("postgres:host=db 'dbname=x", "libpq would not understand"),
    ],
)
def test_what_is_no_catalogue_is_refused_by_name_and_makes_no_file(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    settings = tmp_path / "config.toml"
    settings.write_text(f'[stores.team]\ncatalogue = "{given}"\ndata = "{tmp_path}/data"\n')
    result = command("list", "--store", "team", "--config", settings)
    assert result.code == 2
    line = result.one_line()
    assert "stores.team.catalogue" in line
    assert said in line
    assert SECRET not in line
    assert list(here.iterdir()) == []
    assert not (tmp_path / "data").exists()
