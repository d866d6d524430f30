"""The SVG that Plotly draws: only what a figure is drawn with, its texts line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from dashboard.display import fonts as lettering
from dashboard.figures import Unfit

LARGESTSVG = 20_000_000
"""Bytes of an SVG that is completed here."""
SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = re.compile("svg|g|path|rect|circle|line|polyline|polygon|ellipse|text|tspan|defs|clipPath|use|pattern|linearGradient|stop")


def cleaned(data: bytes) -> etree._Element:
    """An SVG without anything that could run, load or say what a figure does not."""
    if len(data) > LARGESTSVG:
        raise Unfit("The SVG is larger than any that a figure gives.")
    try:
        root = etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        )
    except etree.XMLSyntaxError:
        raise Unfit("The browser sent no sound SVG.") from None
    if root.tag != f"{{{SVG}}}svg":
        raise Unfit("The browser sent no SVG.")
    for element in list(root.iter()):
        if (
            not isinstance(element.tag, str)
            or etree.QName(element).namespace != SVG
            or not _ELEMENTS.fullmatch(etree.QName(element).localname)
        ):
            if element.getparent() is not None:
                element.getparent().remove(element)
            continue
        for name, value in list(element.attrib.items()):
            local = etree.QName(name).localname.lower()
            outside = "url(" in value and not re.fullmatch(r"[^(]*url\(\s*['\"]?#[\w-]+['\"]?\s*\)[^(]*", value)
            if (
                local.startswith(("on", "data-"))
                or outside
                or (local == "href" and not value.startswith("#"))
                or "javascript:" in value.lower()
            ):
                del element.attrib[name]
    return root


def element_of(name: str, text: str) -> etree._Element:
    """An element with nothing but a text."""
    element = etree.Element(f"{{{SVG}}}{name}")
    element.text = text
    return element


def styles(element: etree._Element) -> dict[str, str]:
    """The style that holds for an element, with what it inherits."""
    styles: dict[str, str] = {}
    for one in [*reversed(list(element.iterancestors())), element]:
        for name in ("font-size", "font-weight", "text-anchor", "fill", "fill-opacity", "font-family"):
            if one.get(name):
                styles[name] = one.get(name)
        styles |= own_styles(one)
    return styles


def own_styles(element: etree._Element) -> dict[str, str]:
    """The style that an element says of itself."""
    pairs = (pair.partition(":") for pair in element.get("style", "").split(";"))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def lines(element: etree._Element) -> Iterator[tuple[str, float, float, float, bool]]:
    """The lines of a text, each with its left end, its base line, its size in pixels, and whether it is bold."""
    style = styles(element)
    size, anchor = float(style.get("font-size", "12").removesuffix("px")), style.get("text-anchor", "start")
    for text, x, y, bold in _anchored(element, size, is_bold(style)):
        wide = lettering.width(text, size, bold)
        yield text, x - {"middle": wide / 2, "end": wide}.get(anchor, 0.0), y, size, bold


def _anchored(element: etree._Element, size: float, bold: bool) -> list[tuple[str, float, float, bool]]:
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    spans = [span for span in element if etree.QName(span).localname == "tspan"]
    if not spans or (element.text or "").strip():
        return [("".join(element.itertext()), x, y, bold)]
    anchored, down = [], 0.0
    for span in spans:
        step = _length(span.get("dy", "0"), size)
        # With a height of its own a line's step counts from there, else from the line before.
        down = step if span.get("y") else down + step
        is_own = is_bold(styles(span)) or bold
        anchored.append(("".join(span.itertext()), float(span.get("x", x)), float(span.get("y", y)) + down, is_own))
    return anchored


def _length(text: str, size: float) -> float:
    return float(text.removesuffix("em")) * size if text.endswith("em") else float(text.removesuffix("px"))


def is_bold(style: dict[str, str]) -> bool:
    """Whether a style asks for bold letters."""
    weight = style.get("font-weight", "400")
    return weight == "bold" or (weight.isdigit() and int(weight) >= lettering.BOLD)
