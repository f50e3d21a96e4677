"""What a target is called: as short as it can be among all that are known.

The name of an endpoint is unique only within its workspace and region, so two deployments may
share `endpoint/deployment`, and in two resource groups even `workspace/endpoint/deployment`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Words = tuple[str, ...]
# Where these begin in subscription, resource group, workspace, endpoint, deployment.
_WORKSPACE, _ENDPOINT = 2, 3


class Names:
    """The names of deployments and endpoints among all of which the ARM ids are known.

    A deployment makes its endpoint known too. Whoever is asked about need not be known.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Sort what is known by its shortest name."""
        self._alike: defaultdict[Words, set[Words]] = defaultdict(set)
        for each in known:
            words = _words_of(each.lower())
            for whole in (words, words[: _ENDPOINT + 1]):
                self._alike[whole[_ENDPOINT:]].add(whole)

    def of(self, target_id: str) -> str:
        """`endpoint/deployment` or `endpoint`; where that has a twin, more of what it lies in."""
        return self._shortest(target_id, _ENDPOINT)

    def path(self, target_id: str) -> str:
        """The same with the workspace in any case: the short form of a target."""
        return self._shortest(target_id, _WORKSPACE)

    def _shortest(self, target_id: str, start: int) -> str:
        words = _words_of(target_id)
        if len(words) <= _ENDPOINT:
            return target_id
        whole = tuple(word.lower() for word in words)
        twins = self._alike.get(whole[_ENDPOINT:], set()) - {whole}
        while start and any(twin[start:] == whole[start:] for twin in twins):
            start -= 1
        return "/".join(words[start:])


def _words_of(target_id: str) -> Words:
    """Subscription, resource group, workspace, endpoint and deployment of an ARM id."""
    words = target_id.strip("/").split("/")
    return (*words[1:4:2], *words[7::2])
