"""Tags in the head of a page by which a link to it is shown elsewhere."""

from __future__ import annotations

import html
from urllib.parse import quote

SITE = "Data request statistics"
"""The name of the product."""
LONGEST_DESCRIPTION = 300


def card(title: str, description: str, address: str, *, picture: str = "", kind: str = "website") -> str:
    """Title, description, own address and picture; `kind` is a type of the Open Graph, and a picture in PNG is 1,200 by 630 pixels."""
    if len(description) > LONGEST_DESCRIPTION:
        description = f"{description[: LONGEST_DESCRIPTION - 1]}…"
    fields = {"description": description, "twitter:card": "summary_large_image" if picture else "summary", "og:site_name": SITE}
    fields |= {"og:type": kind, "og:title": title, "og:description": description, "og:url": address}
    if picture:
        fields |= {"og:image": picture, "twitter:image": picture, "og:image:alt": description}
    if picture.partition("?")[0].endswith(".png"):
        fields |= {"og:image:width": "1200", "og:image:height": "630"}
    tags = ((("property" if name.startswith("og:") else "name"), name, html.escape(content)) for name, content in fields.items())
    return link("canonical", address) + "".join(f'<meta {attribute}="{name}" content="{content}">' for attribute, name, content in tags)


def link(relation: str, address: str, media: str = "") -> str:
    """A tag that names another address, with its media type where it has one."""
    kind = f' type="{media}"' if media else ""
    return f'<link rel="{relation}"{kind} href="{html.escape(quote(address, safe=":/?&=%+,;@!~*()$-_.#[]|"))}">'
