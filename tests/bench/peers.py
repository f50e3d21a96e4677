"""Measures other programs on the same tenant, and what they find there: peers.json.

python -m tests.bench.peers --size 1000 --custodian PYTHON --cleancloud PYTHON --json FILE

Each PYTHON is that of an environment of its own; one that is not given is left out, and what was
kept of it in FILE stays.
"""

from __future__ import annotations

import argparse
import json
import ssl
import subprocess
import tempfile
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.bench.machine import versions
from tests.bench.processes import Surroundings
from tests.bench.results import Cost
from tests.bench.tenant import SNAPSHOT, Bench, bench_of

HERE = Path(__file__).with_name("programs")
ENDPOINTS = "endpoints-without-requests"
DEPLOYMENTS = "deployments-without-requests"


@dataclass(frozen=True)
class Peer:
    """What a program took, and what it found by the verdict that Mothball gave the same.

    An endpoint counts by its deployments' verdicts.
    """

    name: str
    versions: dict[str, str]
    size: int
    cost: Cost
    found: int
    of_which: dict[str, int]


def main() -> None:
    """Measure those that are given, and keep them beside those that are not."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="mothball-peers-") as folder:
        found = list(_measured(options, Path(folder)))
    kept = json.loads(options.json.read_text(encoding="utf-8")) if options.json.exists() else []
    names = {peer.name for peer in found}
    rows = [asdict(peer) for peer in found] + [one for one in kept if one["name"] not in names]
    options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _measured(options: argparse.Namespace, folder: Path) -> Iterator[Peer]:
    with bench_of(options.size, folder / "tenant", 1, "--today") as bench:
        yield _mothball(bench)
        if options.custodian:
            yield from (_custodian(bench, options.custodian, name) for name in _POLICIES)
        if options.cleancloud:
            yield _cleancloud(bench, options.cleancloud)


def _mothball(bench: Bench) -> Peer:
    bench.azure.forget()
    cost = bench.run(*SNAPSHOT, expected=(0, 3))
    asked = _asked(bench, cost)
    bench.run("list", "--format", "json", expected=(0, 3), name="list-json")
    rows = _rows(bench)
    by_verdict = Counter(row["verdict"] for row in rows)
    own = {"mothball": versions()["mothball"]}
    return Peer("mothball snapshot", own, bench.size, asked, len(rows), dict(by_verdict))


_POLICIES = {
    ENDPOINTS: "c7n, machine-learning-online-endpoint",
    DEPLOYMENTS: "c7n, armresource",
}


def _custodian(bench: Bench, python: str, policy: str) -> Peer:
    given = bench.azure.addresses
    out = bench.folder / "custodian"
    variables = {"AZURE_ACCESS_TOKEN": _token(given), "REQUESTS_CA_BUNDLE": given["ca"]}
    arguments = ["run", "--cache-period", "0", "-s", str(out), str(HERE / f"{policy}.yml")]
    cost = _run(bench, python, [str(HERE / "custodian.py"), given["url"], *arguments], variables)
    resources = json.loads((out / policy / "resources.json").read_text(encoding="utf-8"))
    ids = [str(one["id"]) for one in resources]
    return _peer(bench, _POLICIES[policy], _versions(python, "c7n", "c7n-azure"), cost, ids)


def _cleancloud(bench: Bench, python: str) -> Peer:
    given, (workspace, *_others) = bench.azure.addresses, bench.azure.tenant()["workspaces"]
    script = [str(HERE / "cleancloud_rule.py"), given["url"], given["ca"], workspace.split("/")[2]]
    cost = _run(bench, python, script, {})
    ids = (bench.folder / "peer.txt").read_text(encoding="utf-8").split()
    of = _versions(python, "cleancloud", "azure-ai-ml", "azure-mgmt-machinelearningservices")
    return _peer(bench, "cleancloud, azure.ml.online_endpoint.idle", of, cost, ids)


def _run(bench: Bench, python: str, script: Sequence[str], variables: dict[str, str]) -> Cost:
    subscription = bench.azure.tenant()["workspaces"][0].split("/")[2]
    more = {**variables, "AZURE_SUBSCRIPTION_ID": subscription}
    surroundings = bench.surroundings
    own = Surroundings(
        bench.folder, (*surroundings.variables, *more.items(), ("PYTHONPATH", "")), python
    )
    bench.azure.forget()
    return _asked(bench, own.run(script, bench.folder / "peer.txt"))


def _asked(bench: Bench, cost: Cost) -> Cost:
    requests = bench.azure.keep(bench.folder / "sent.jsonl")
    return replace(cost, requests=requests, written_kb=None)


def _peer(bench: Bench, name: str, of: dict[str, str], cost: Cost, ids: list[str]) -> Peer:
    wanted = {one.lower() for one in ids}
    rows = [row for row in _rows(bench) if _ids(row) & wanted]
    by_verdict = Counter(row["verdict"] for row in rows)
    return Peer(name, of, bench.size, cost, len(wanted), dict(by_verdict))


def _rows(bench: Bench) -> list[dict[str, Any]]:
    text = (bench.folder / "list-json.txt").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def _ids(row: dict[str, Any]) -> set[str]:
    """A deployment's id, and its endpoint's."""
    own = str(row["id"]).lower()
    return {own, own.rpartition("/deployments/")[0]}


def _token(given: dict[str, Any]) -> str:
    """An access token of the stand-in: Cloud Custodian can sign in to Azure's own hosts only."""
    environment, url = given["environment"], given["url"]
    form = {
        "grant_type": "client_credentials",
        "client_id": environment["AZURE_CLIENT_ID"],
        "client_secret": environment["AZURE_CLIENT_SECRET"],
        "scope": f"{url}/.default",
    }
    address = f"{url}/{environment['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    request = urllib.request.Request(address, urllib.parse.urlencode(form).encode())  # noqa: S310
    context = ssl.create_default_context(cafile=given["ca"])
    with urllib.request.urlopen(request, context=context) as answer:  # noqa: S310
        return str(json.load(answer)["access_token"])


def _versions(python: str, *names: str) -> dict[str, str]:
    code = f"from importlib.metadata import version\nfor n in {names}: print(version(n))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return dict(zip(names, done.stdout.split(), strict=True))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--custodian", metavar="PYTHON")
    parser.add_argument("--cleancloud", metavar="PYTHON")
    parser.add_argument("--json", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
