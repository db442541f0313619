"""Small bar charts side by side, as SVG: wkhtmltopdf prints it sharp and a browser shows it. Nothing here knows Odoo."""

from html import escape

from babel.numbers import format_compact_decimal
from markupsafe import Markup

from odoo.addons.kmp_membership.report.indonesian import LOCALE

# Two in a row are as wide as the text of an A4 page.
WIDTH, HEIGHT = 434, 126
TOP, BOTTOM, SIDE, GAP = 34, 22, 12, 16
FULL, COLOUR, LOSS = 0.62, "#714b67", "#c82333"


def draw_bars(labels, series):
    """Two charts in a row.

    :param labels: what stands under the bars of every chart
    :param series: [(title, values)], each with as many values as labels; a value below zero hangs below the line
    """
    rows = -(-len(series) // 2)
    charts = "".join(
        _draw_chart(place % 2 * (WIDTH + GAP), place // 2 * (HEIGHT + GAP), labels, title, values)
        for place, (title, values) in enumerate(series)
    )
    width, height = 2 * WIDTH + GAP, rows * (HEIGHT + GAP)
    return Markup(  # noqa: S704 - numbers of ours, and texts that are escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' font-family="Liberation Sans, Arial, sans-serif">{charts}</svg>'
    )


def _draw_chart(left, top, labels, title, values):
    numbers = [float(value) for value in values]  # a picture: no amount is read back from it
    high, low = max([*numbers, 0]), min([*numbers, 0])
    unit = (HEIGHT - TOP - BOTTOM) / ((high - low) or 1)
    zero = top + TOP + high * unit
    step = (WIDTH - 2 * SIDE) / max(len(numbers), 1)
    bars = "".join(
        _draw_bar(left + SIDE + place * step, step, zero, number * unit, label, value, top)
        for place, (number, label, value) in enumerate(zip(numbers, labels, values, strict=True))
    )
    return (
        f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="#ffffff" stroke="#dee2e6"/>'
        f'<text x="{left + SIDE}" y="{top + 17}" font-size="12" font-weight="bold" fill="#212529">{escape(title)}</text>'
        f'{bars}<line x1="{left + SIDE}" x2="{left + WIDTH - SIDE}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="#6c757d"/>'
    )


def _draw_bar(left, step, zero, height, label, value, top):
    middle, width = left + step / 2, step * FULL
    upper = zero - max(height, 0)
    return (
        f'<rect x="{middle - width / 2:.1f}" y="{upper:.1f}" width="{width:.1f}" height="{abs(height):.1f}"'
        f' fill="{COLOUR if height >= 0 else LOSS}"/>'
        f'<text x="{middle:.1f}" y="{upper - 3:.1f}" font-size="9" text-anchor="middle" fill="#212529">{_shorten(value)}</text>'
        f'<text x="{middle:.1f}" y="{top + HEIGHT - 7}" font-size="9" text-anchor="middle" fill="#6c757d">{escape(label)}</text>'
    )


def _shorten(value):
    """12.400 as 12,4 rb, 3.100.000 as 3,1 jt."""
    return escape(format_compact_decimal(value, locale=LOCALE, fraction_digits=1))
