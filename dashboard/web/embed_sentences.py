"""What a view shows as a sentence with its source, to stand in another site's text: live, or frozen as words and a link."""

from __future__ import annotations

from datetime import date

from dashboard.analysis.parameters import with_query
from dashboard.display import sentences
from dashboard.figures.plain_svg import text
from dashboard.web import embeds
from dashboard.web.embed_blocks import EDGE, lines
from dashboard.web.embeds import NARROWEST, Embed


def words(shown: Embed) -> str:
    """What is counted and what is seen in all of the view's series, and how ranges are read; where nothing is published, that."""
    if shown.is_empty:
        return shown.nothing
    heading = shown.phrase("comma").join(filter(None, (shown.title, shown.subtitle)))
    seen = sentences.sentences(shown.everything, shown.language, shown.shape, shown.view.is_scaled, drawn=False)
    return shown.language.sentences(f"{heading}{shown.phrase('colon')}{seen[0]}", *seen[1:])


def page(shown: Embed, site: str) -> str:
    """The sentence as a page of its own, as light as that of a figure and of the same policy: what a live sentence's frame holds."""
    return embeds.document(shown, "", _quote(shown, site))


def snippet(shown: Embed, site: str, day: date, *, frozen: bool) -> str:
    """The HTML to paste: a frame in which the sentence is that of the day on which it is read, or the sentence itself as known on `day`."""
    if frozen:
        return _quote(shown, site, shown.language.day(day))
    return embeds.frame(site + with_query("/embed/sentence", shown.query), shown.title, _height(shown), _quote(shown, site))


def _quote(shown: Embed, site: str, known: str = "") -> str:
    view = embeds.attribute(embeds.explore(site, shown.view))
    source = shown.phrase("comma").join(filter(None, (shown.source.removesuffix(shown.phrase("stop")), known)))
    link = f'<a href="{view}" target="_blank" rel="noopener">{text(shown.phrase("opened"))}</a>'
    return f'<blockquote cite="{view}" style="margin:0"><p>{text(words(shown))}</p><p class="q"><cite>{text(source)}</cite> {link}</p></blockquote>'


def _height(shown: Embed) -> int:
    room = NARROWEST - 2 * EDGE
    return int(60 + 21 * lines(words(shown), 15, room) + 19 * lines(f"{shown.source} {shown.phrase('opened')}", 13.5, room))
