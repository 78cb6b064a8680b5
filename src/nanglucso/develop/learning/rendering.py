"""Markdown of lessons → clean HTML. What a lesson may hold is a short list; everything else is shown as typed."""

from collections.abc import Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

SCREEN = "man-hinh"
TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "br", "hr", "h3", "h4", "table", "thead",
    "tbody", "tr", "th", "td", "div",
}  # fmt: skip
_SAYS = {"ol": {"start"}}


class _Renderer(RendererHTML):
    """A fenced block `man-hinh` is a drawn screen that scrolls inside itself."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        text = token.content.rstrip("\n").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        css = "drawn" if token.info.strip() == SCREEN else "typed"
        return f'<div class="{css}"><pre>{text}</pre></div>\n'


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
_MARKDOWN.enable("table").disable(["image", "link", "autolink", "reference"])


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=_SAYS, allowed_classes={"div": {"drawn", "typed"}})


def render(text: str) -> SafeString:
    """Blocks: paragraphs, lists, tables, quotes, drawn screens. Tables and screens scroll inside, by keyboard too."""
    html = _clean(_MARKDOWN.render(text))
    table, drawn = _("Table, scrolls sideways"), _("Drawn screen, scrolls sideways")
    around = f'<div class="wide" tabindex="0" role="group" aria-label="{table}"><table>'
    html = html.replace("<table>", around).replace("</table>", "</table></div>").replace("<th></th>", "<td></td>")
    html = html.replace('<div class="drawn">', f'<div class="drawn" tabindex="0" role="group" aria-label="{drawn}">')
    html = html.replace('<div class="typed">', '<div class="typed" tabindex="0">')
    return mark_safe(html)  # noqa: S308 - cleaned by nh3


def inline(text: str) -> SafeString:
    """Bold, italic and code inside one line."""
    return mark_safe(_clean(_MARKDOWN.renderInline(text)))  # noqa: S308 - cleaned by nh3
