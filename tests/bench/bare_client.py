"""A bare client: sends the requests of a file one after another, and parses each answer.

python -m tests.bench.bare_client URL CA FILE

It is what a snapshot cannot do without: the same bytes over the same TLS, and their JSON. It
signs in as the file does, and gives what it was given as a token to all that follows.
"""

from __future__ import annotations

import http.client
import json
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit


def main() -> None:
    """Send all, and say how many there were and how much came back."""
    url, bundle, path = sys.argv[1:]
    context = ssl.create_default_context(cafile=bundle)
    connection = http.client.HTTPSConnection(urlsplit(url).netloc, context=context)
    sent = received = 0
    token: dict[str, str] = {}
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            method, target, headers, content = json.loads(line)
            connection.request(method, target, content.encode(), headers | token)
            answer = connection.getresponse()
            body = answer.read()
            sent, received = sent + 1, received + len(body)
            parsed = json.loads(body) if body else None
            if isinstance(parsed, dict) and "access_token" in parsed:
                token = {"Authorization": f"Bearer {parsed['access_token']}"}
            if answer.status == http.HTTPStatus.UNAUTHORIZED:
                raise SystemExit(f"{target} was answered with 401")
    print(json.dumps({"requests": sent, "received_kb": received / 1024}))


if __name__ == "__main__":
    main()
