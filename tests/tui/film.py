"""Screenshots of a terminal one after another as one animated SVG, without script or fonts.

What several frames have in common stands in it once: every element is grouped with those that are
seen in the same frames, and each group is shown and hidden by the keyframes of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

CELL_WIDTH, LINE_HEIGHT, EDGE, BAR_HEIGHT, CAPTION_HEIGHT = 12.2, 24.4, 16, 44, 64
FONT = "'Fira Code',Menlo,Consolas,'DejaVu Sans Mono',monospace"
GROUND, RIM, BRIGHT, ACCENT, QUIET = "#10141a", "#3b4656", "#d8dee6", "#ffc274", "#9aa5b3"
_STYLE = re.compile(r"\.terminal-\d+-(r\d+) \{ (.*?) \}")
_ELEMENT = re.compile(r"<(rect|text) ([^>]*?)(?:/>|>([^<]*)</text>)")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Shot:
    """A screenshot as Rich draws one, with its caption, and how long it is seen."""

    svg: str
    pressed: str
    does: str
    seconds: float


@dataclass(frozen=True, slots=True)
class _Element:
    """A rectangle or a text, at its place in the terminal; `style` is CSS."""

    kind: str
    attributes: str
    style: str
    text: str


def film(shots: Sequence[Shot], size: tuple[int, int], still: int = 0) -> str:
    """The shots one after another, again and again.

    Who wants less motion, or reads it where nothing is animated, sees the one called `still`.
    """
    columns, lines = size
    width = columns * CELL_WIDTH + 2 * EDGE
    height = BAR_HEIGHT + lines * LINE_HEIGHT + CAPTION_HEIGHT
    seen = _seen_in([[*_elements(shot.svg), *_caption(shot, lines)] for shot in shots])
    styles = {css: f"s{n}" for n, css in enumerate(sorted({e.style for e in seen}))}
    spans = {frames: f"f{n}" for n, frames in enumerate(dict.fromkeys(seen.values()))}
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">',
            "<style>",
            *_rules(styles, spans, [shot.seconds for shot in shots], still),
            "</style>",
            *_window(width, height),
            f'<g transform="translate({EDGE} {BAR_HEIGHT})">',
            *(_group(kind, seen, styles, spans) for kind in ("rect", "text")),
            "</g>",
            "</svg>\n",
        )
    )


def _elements(svg: str) -> list[_Element]:
    """What a screenshot draws in its terminal, without its window."""
    styles = dict(_STYLE.findall(svg))
    drawn = svg[svg.index("clip-terminal)") :]
    return [
        element
        for kind, attributes, text in _ELEMENT.findall(drawn)
        if (element := _element(kind, dict(_ATTRIBUTE.findall(attributes)), text, styles))
    ]


def _element(
    kind: str, given: dict[str, str], text: str, styles: dict[str, str]
) -> _Element | None:
    """One element by what it looks like; None of a text that is only the end of a line."""
    if kind == "text" and not text.strip("\n"):
        return None
    style = styles.get(given.get("class", "").rpartition("-")[2], "")
    fill = given.get("fill", "")
    places = ("x", "y", "width", "height", "textLength")
    attributes = "".join(f' {n}="{_short(given[n])}"' for n in places if n in given)
    if kind == "rect":
        style = f"fill:{fill};shape-rendering:crispEdges"
    return _Element(kind, attributes, style.replace(": ", ":"), text)


def _short(number: str) -> str:
    return f"{float(number):.1f}".removesuffix(".0")


def _caption(shot: Shot, lines: int) -> Iterable[_Element]:
    """The keys and what they do, below the terminal."""
    y = lines * LINE_HEIGHT + 40
    place = f' x="{CELL_WIDTH}" y="{y:g}"'
    keys = f'<tspan fill="{ACCENT}" font-weight="bold">{escape(shot.pressed)}</tspan>'
    text = f'{keys}<tspan dx="{2 * CELL_WIDTH:g}">{escape(shot.does)}</tspan>'
    yield _Element("text", place, f"fill:{BRIGHT};font-size:22px", text)


def _seen_in(frames: Sequence[Iterable[_Element]]) -> dict[_Element, tuple[int, ...]]:
    """Of each element, the frames in which it is seen."""
    seen: dict[_Element, tuple[int, ...]] = {}
    for number, elements in enumerate(frames):
        for element in dict.fromkeys(elements):
            seen[element] = (*seen.get(element, ()), number)
    return seen


def _group(
    kind: str,
    seen: dict[_Element, tuple[int, ...]],
    styles: dict[str, str],
    spans: dict[tuple[int, ...], str],
) -> str:
    """All elements of a kind; rectangles go first, since texts stand on them."""
    groups = []
    for frames, span in spans.items():
        inside = [e for e, seen_in in seen.items() if e.kind == kind and seen_in == frames]
        drawn = "\n".join(_markup(element, styles[element.style]) for element in inside)
        if inside:
            groups.append(f'<g class="{span}">\n{drawn}\n</g>')
    return "\n".join(groups)


def _markup(element: _Element, style: str) -> str:
    opened = f'<{element.kind} class="{style}"{element.attributes}'
    return f"{opened}/>" if element.kind == "rect" else f"{opened}>{element.text}</text>"


def _rules(
    styles: dict[str, str],
    spans: dict[tuple[int, ...], str],
    seconds: Sequence[float],
    still: int,
) -> Iterable[str]:
    """The styles of the elements, and of each group when it is seen."""
    yield f"text{{font-family:{FONT};font-size:20px;white-space:pre}}"
    yield from (f".{name}{{{css}}}" for css, name in styles.items())
    hidden = [f".{span}" for frames, span in spans.items() if still not in frames]
    if hidden:
        yield f"{','.join(hidden)}{{visibility:hidden}}"
    yield "@media (prefers-reduced-motion:no-preference){"
    moving = {f: span for f, span in spans.items() if len(f) < len(seconds)}
    for frames, span in moving.items():
        yield f".{span}{{animation:{span} {sum(seconds):g}s step-end infinite}}"
        yield f"@keyframes {span}{{{_keyframes(frames, seconds)}}}"
    yield "}"


def _keyframes(frames: tuple[int, ...], seconds: Sequence[float]) -> str:
    """A keyframe wherever a group comes or goes."""
    was, begin = "", 0.0
    steps: list[str] = []
    for number, lasts in enumerate(seconds):
        if (now := "visible" if number in frames else "hidden") != was:
            steps.append(f"{100 * begin / sum(seconds):.3f}%{{visibility:{now}}}")
        was, begin = now, begin + lasts
    return "".join(steps)


def _window(width: float, height: float) -> Iterable[str]:
    """The ground, a rim and three buttons."""
    yield (
        f'<rect x="1" y="1" width="{width - 2:g}" height="{height - 2:g}" rx="8"'
        f' fill="{GROUND}" stroke="{RIM}"/>'
    )
    for number, color in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        yield f'<circle cx="{26 + 22 * number}" cy="22" r="7" fill="{color}"/>'
    yield (
        f'<text x="{width / 2:g}" y="28" text-anchor="middle" fill="{QUIET}">mothball demo</text>'
    )
