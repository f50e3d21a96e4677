"""What a person can do about something that could not be read, by its source and Azure's code."""

from __future__ import annotations

ROLES = {
    "metrics": "Monitoring Reader, on the subscription itself",
    "cost": "Cost Management Reader, on the subscription",
    "callers": "Log Analytics Reader, on the workspace that the traffic log goes to",
}
READER = "Reader, on the subscription"
_REFUSALS = ("authorization", "forbidden", "denied", "unauthorized", "401", "403")
_THROTTLES = ("throttl", "toomany", "429", "529", "budget")
_SILENCES = ("noconnection", "cutanswer", "timeout", "unavailable", "internal", "500", "502", "503")
_OURS = {
    "ExportStands": "nothing: the imported export counts until it is a day old",
    "GraphIsBehind": "run the snapshot again in a few minutes: Resource Graph lags behind",
    "NotVisible": f"check the id, or ask for the role {READER}",
    "SignInFailed": "sign in with `az login`, or set the three AZURE_ variables",
}


def mend_of(source: str, code: str) -> str:
    """One clause, such as `ask for the role Reader, on the subscription`."""
    if code in _OURS:
        return _OURS[code]
    folded = code.casefold()
    if any(word in folded for word in _REFUSALS):
        return f"ask for the role {ROLES.get(source, READER)}"
    if any(word in folded for word in _THROTTLES):
        return "run `mothball snapshot` again later: it goes on where it stopped"
    if any(word in folded for word in _SILENCES):
        return "check the network and run `mothball snapshot` again"
    return "run `mothball doctor`; if it stays, report it"
