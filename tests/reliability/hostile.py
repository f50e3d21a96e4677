"""Texts that mean harm, secrets that must stay where they are, and a tenant full of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from emulator import Clock, World, steady
from queries.store.journal import Happening

# What acts on a text that means harm begins with this, calls it, or is steered beside it.
MARK = "mothballed"
VALUES: Mapping[str, str] = {
    "a formula": f'=cmd|"/C {MARK}"!A1',
    "a formula after spaces": f"  @SUM(1+1)*{MARK}",
    "a formula in full width": f"＝HYPERLINK({MARK})",
    "a formula after a tab": f"\t=1+1;{MARK}",
    "a minus": f"-2+3+{MARK}",
    "a colour of the terminal": f"\x1b[31m{MARK}\x1b[2J",
    "a title of the terminal": f"\x1b]0;{MARK}\x07",
    "a link of the terminal": f"\x1b]8;;http://{MARK}.example\x1b\\here\x1b]8;;\x1b\\",
    "a control of eight bits": f"\x9b2J{MARK}",
    "a bell and a backspace": f"{MARK}\x07\x08\x08",
    "a NUL": f"a\x00{MARK}",
    "lines": f"one\r\ntwo\n{MARK}",
    "separators of lines": f"one\u2028{MARK}\u2029x",
    "a turned direction": f"\u202e{MARK}\u2066x",
    "no width": f"zero\u200b{MARK}\ufeff",
    "combining marks": f"e\u0301\u0336{MARK}",
    "an emoji": f"\U0001f9ea{MARK}\U0001f469\u200d\U0001f52c",
    "half a character": f"\ud83d{MARK}",
    "markup": f"[red]{MARK}[/red][@click=app.quit]x[/]",
    "a template": "{{" + MARK + "}}${" + MARK + "}%(x)s{0}",
    "a script": f'"><script>{MARK}(1)</script>',
    "an image": f"<img src=x onerror={MARK}(1)>",
    "a link of Markdown": f"[{MARK}](javascript:{MARK}) | `x`",
    "a path": f"../../{MARK}/..\\x",
    "a device of Windows": "CON",
    "an end of SQL": f"'; drop table journal; -- {MARK}",
    "separators of cells": f'{MARK};a,b\t"c"',
    "percent signs": f"100%{MARK}%n%2e%2e%00",
    "leading zeros": "007",
    "a name of JavaScript": "__proto__",
    "a day": "1-2",
    "a long text": MARK * 100,
}
# Each secret has it, and nothing else does.
PLANTED = "planted"
SECRETS: Mapping[str, str] = {
    "a password": f"hunter2-{PLANTED}",
    "a connection string": f"Endpoint=sb://x.example/;SharedAccessKey=q8Xv0{PLANTED}9kZ=",
    "a token": f"eyJ{PLANTED}.eyJhIjoiYiJ9.c2lnbmF0dXJl",
    "a key": f"-----BEGIN PRIVATE KEY-----\n{PLANTED}MIIE\n-----END PRIVATE KEY-----",
    "a secret in JSON": f'{{"password": "{PLANTED}-in-json"}}',
    "a secret that means harm": f"=cmd|{PLANTED}\x1b[31m",
}
# The deployment with all values in its tags, and the one with the secrets, which is due.
ALL, SECRETIVE = "ws/fraud/all", "ws/fraud/secretive"
# No more can be the name of a resource, whose path must come apart again.
NAMES = tuple(value for value in VALUES.values() if not set(value) & set("/?#\ud83d"))


def as_stored(value: str) -> str:
    """What a value is once it was read: half a character is none, and no store holds a NUL."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)


def tenant(at: datetime) -> World:
    """An idle deployment for each value, one with all of them, one with the secrets."""
    world = World(clock=Clock.running(at))
    subscription = world.subscription(VALUES["markup"], tags={"owner": VALUES["an emoji"]})
    group = subscription.resource_group("rg", tags={"cost center": VALUES["lines"]})
    workspace = group.workspace("ws")
    fraud = workspace.endpoint("fraud", traffic={"all": 100}, extra={"description": "x"})
    tags = {value: value for value in VALUES.values()}
    fraud.deployment("all", requests=steady(3.0), tags=tags)
    fraud.deployment("fallback", tags={"role": "rollback"})
    yesterday = (at - timedelta(days=1)).date().isoformat()
    due = {"role": "retire", "mothball-retire-after": yesterday}
    variables = dict(zip(SECRETS, SECRETS.values(), strict=True))
    fraud.deployment("secretive", tags=due, environment_variables=variables)
    nasty = workspace.endpoint("nasty", extra={"description": VALUES["a script"]})
    for number, value in enumerate(VALUES.values()):
        nasty.deployment(
            f"d{number}",
            instance_type=value,
            tags={"owner": value, "purpose": value},
            created_by=value,
            extra={"description": value},
        )
    for name in NAMES:
        workspace.endpoint(name).deployment(
            name, tags={"role": name, "mothball-exempt-until": name}
        )
    group.workspace("elsewhere", region=VALUES["a title of the terminal"]).endpoint("x").deployment(
        "x"
    )
    return world


def happenings(at: datetime, target: str) -> list[Happening]:
    """What the journal is given: for each value somebody, a reason and evidence."""
    return [
        Happening(at, value, "tag", target, "done", value, None, {"purpose": value, value: value})
        for value in VALUES.values()
    ]
