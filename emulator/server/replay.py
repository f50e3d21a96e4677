"""Answers from a recording instead of a tenant: the same answers, as of the same time."""

from __future__ import annotations

from pathlib import Path

from emulator.apis import identity
from emulator.apis.wire import Answer, refused
from emulator.server.recording import Recording
from emulator.server.server import Asked, Emulator
from emulator.tenant.clock import Clock, instant
from emulator.tenant.world import World

# What links in a recording have in place of the cloud's hosts.
HOST = b"https://recording.invalid"


class Replay(Emulator):
    """A stand-in whose answers were recorded; the sign-in is its own.

    Its profile tells the time of the recording, so that a snapshot judges as of then.
    """

    def __init__(self, folder: Path, directory: Path | None = None, port: int = 0) -> None:
        """Read the recording; raises BadRecording."""
        self.recording = Recording(folder)
        self.settings = self.recording.settings
        super().__init__(World(clock=Clock(self.recording.at)), directory=directory, port=port)

    def start(self) -> Replay:
        """Listen, with a profile of the addresses that were recorded."""
        super().start()
        optional = {"logs", "retail_prices"} - self.recording.addresses
        lines = self.profile.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.split(" ", 1)[0] not in optional]
        now = f"now = {instant(self.recording.at)}"
        self.profile.write_text("\n".join((*kept, now)) + "\n", encoding="utf-8")
        return self

    def _routed(self, exchange: Asked) -> Answer | None:
        chosen, call = exchange.route, exchange.call
        if chosen is not None and chosen.source == "identity":
            return super()._routed(exchange)
        is_public = chosen is not None and chosen.anonymous
        if not is_public and not identity.is_valid(call.headers.get("authorization")):
            return super()._routed(exchange)
        found = self.recording.answer(call.method, call.path, call.query.items(), call.body)
        if found is None:
            text = f"The recording holds no answer to {call.method} {exchange.full}."
            return refused(501, "NotRecorded", text)
        if found.status is None:
            return None
        body = found.body and found.body.replace(HOST, self.url.encode())
        return Answer(found.status, body, dict(found.headers))
