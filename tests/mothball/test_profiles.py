"""Cloud profiles: three names, or a file that is right in every entry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mothball.context import AppContext
from mothball.profiles import ProfileError, cloud_named
from tests.mothball.shop import Shop

GOOD = {
    "name": "contoso",
    "resource_manager": "https://localhost:8443/",
    "authority": "https://localhost:8443",
    "metrics": "https://localhost:8443/{region}",
    "logs": "https://localhost:8443",
    "retail_prices": "https://localhost:8443/api/retail/prices",
    "portal": "https://localhost:8443",
    "ca_bundle": "ca.pem",
}


def profile(folder: Path, changes: dict[str, object] | None = None) -> Path:
    (folder / "ca.pem").write_text("")
    entries = {name: v for name, v in (GOOD | (changes or {})).items() if v is not None}
    path = folder / "contoso.toml"
    path.write_text(
        "\n".join(
            f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
            for name, value in entries.items()
        )
    )
    return path


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("AzureCloud", "https://management.azure.com"),
        ("azurecloud", "https://management.azure.com"),
        ("AzureUSGovernment", "https://management.usgovcloudapi.net"),
        ("AzureChinaCloud", "https://management.chinacloudapi.cn"),
    ],
)
def test_the_public_clouds_have_names(name: str, host: str) -> None:
    cloud = cloud_named(name)
    assert cloud.resource_manager == host
    assert not cloud.custom


def test_a_profile_names_the_addresses_of_a_cloud(tmp_path: Path) -> None:
    cloud = cloud_named(str(profile(tmp_path)))
    assert cloud.name == "contoso"
    assert cloud.resource_manager == "https://localhost:8443"
    assert cloud.metrics_endpoint("West Europe") == "https://localhost:8443/westeurope"
    assert cloud.ca_bundle == (tmp_path / "ca.pem").resolve()
    assert cloud.scope_for("metrics") == "https://localhost:8443/.default"
    assert cloud.custom
    assert not cloud.managed_identity


def test_what_may_be_left_out_may_be_left_out(tmp_path: Path) -> None:
    optional = ("logs", "retail_prices", "portal", "ca_bundle")
    cloud = cloud_named(str(profile(tmp_path, dict.fromkeys(optional))))
    assert (cloud.logs, cloud.retail_prices, cloud.ca_bundle) == (None, None, None)


def test_scopes_and_managed_identity_can_be_reported(tmp_path: Path) -> None:
    fields = {"metrics_scope": "https://metrics.example/.default", "managed_identity": True}
    cloud = cloud_named(str(profile(tmp_path, fields)))
    assert cloud.scope_for("metrics") == "https://metrics.example/.default"
    assert cloud.managed_identity


@pytest.mark.parametrize(
    ("metrics", "asked"),
    [
        ("https://{region}.metrics.example", "https://swedencentral.metrics.example"),
        ("https://metrics.example", "https://metrics.example"),
        ("https://metrics.example/{region}/x", "https://metrics.example/swedencentral/x"),
    ],
)
def test_a_region_may_be_in_the_host_in_the_path_or_nowhere(
    tmp_path: Path, metrics: str, asked: str
) -> None:
    cloud = cloud_named(str(profile(tmp_path, {"metrics": metrics})))
    assert cloud.metrics_endpoint("Sweden Central") == asked
    assert cloud.names(asked)
    assert not cloud.names("https://attacker.example")


@pytest.mark.parametrize("region", ["evil.example/", "a/b", "..", "x@y", "", "a:1"])
def test_a_region_that_is_no_word_makes_no_address(tmp_path: Path, region: str) -> None:
    cloud = cloud_named(str(profile(tmp_path, {"metrics": "https://{region}.metrics.example"})))
    with pytest.raises(ValueError, match="region"):
        cloud.metrics_endpoint(region)


WRONG: list[dict[str, object]] = [
    {"name": None},
    {"resource_manager": None},
    {"authority": None},
    {"metrics": None},
    {"resource_manager": "http://localhost:8443"},
    {"authority": "http://localhost:8443"},
    {"metrics": "ftp://localhost"},
    {"logs": "localhost"},
    {"retail_prices": "http://localhost/prices"},
    {"portal": "javascript:alert(1)"},
    {"resource_manager": 3},
    {"ca_bundle": "missing.pem"},
    {"verify": False},
    {"managed_identity": "no"},
]


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_a_wrong_profile_is_reported(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ProfileError) as caught:
        cloud_named(str(profile(tmp_path, changes)))
    assert "contoso.toml" in str(caught.value)


@pytest.mark.parametrize("text", ["not toml", "", "\x00", "[name]"])
def test_a_broken_profile_is_one_line(shop: Shop, tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text)
    for command in ("doctor", "snapshot"):
        result = shop.bare(command, "--store", str(shop.store), "--cloud", str(path))
        assert result.code == 2
        assert "broken.toml" in result.one_line()


@pytest.mark.parametrize("name", ["AzureMoon", "none.toml", "", "/"])
def test_a_cloud_that_does_not_exist_is_one_line(shop: Shop, name: str) -> None:
    result = shop.bare("doctor", "--store", str(shop.store), "--cloud", name or " ")
    assert result.code == 2
    assert "AzureUSGovernment" in result.one_line()


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(shop: Shop, tmp_path: Path) -> None:
    text = shop.azure.profile.read_text()
    lines = [line for line in text.splitlines() if not line.startswith("ca_bundle")]
    path = tmp_path / "untrusting.toml"
    path.write_text("\n".join(lines))
    result = shop.bare("doctor", "--store", str(shop.store), "--cloud", str(path))
    assert result.code == 1
    assert "Traceback" not in result.err
    assert shop.azure.requests == []


def test_a_replayed_recording_tells_its_time(tmp_path: Path) -> None:
    path = profile(tmp_path)
    path.write_text(path.read_text() + "\nnow = 2026-11-23T18:00:00Z\n")
    at = datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert cloud_named(str(path)).now == at
    assert AppContext(cloud_name=str(path)).session.now() == at


def test_a_time_without_its_zone_is_refused(tmp_path: Path) -> None:
    path = profile(tmp_path)
    path.write_text(path.read_text() + "\nnow = 2026-11-23T18:00:00\n")
    with pytest.raises(ProfileError, match="now is a time with its zone"):
        cloud_named(str(path))
