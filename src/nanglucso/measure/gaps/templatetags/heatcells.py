"""The cells of a heat map's row. A city has thousands: written at once, they take a tenth of the time of a loop."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from nanglucso.measure.gaps.heat import Row, Square

register = template.Library()


def _said(square: Square) -> str:
    """The number, or why there is none for those who do not see the hatching."""
    return f'{square.text}<span class="vh"> {escape(square.reason)}</span>' if square.reason else square.text


@register.simple_tag
def cells(row: Row, address: str = "", domain: str = "") -> SafeString:
    """Every cell of `row`; with an address they lead there, with the domain that a cell opens or the one shown.

    Classes and numbers are made from numbers, addresses and codes are escaped here: nothing else is written.
    """
    if not address or row.hidden:
        return SafeString("".join(f'<td class="{one.css}"><span>{_said(one)}</span></td>' for one in row.squares))
    codes = {one.drill or domain for one in row.squares}
    links = {code: escape(f"{address}?domain={code}" if code else address) for code in codes}
    told = ((one.css, links[one.drill or domain], _said(one)) for one in row.squares)
    return SafeString("".join(f'<td class="{css}"><a href="{link}">{said}</a></td>' for css, link, said in told))
