"""Tables of a statutory document on pages.

Debian's wkhtmltopdf has no patched Qt: it neither repeats the heading of a table nor keeps a row together. So a short table is kept
whole, and a long one begins a page of its own (or stands below the heading of the document) and is cut into pages by the lines that its rows need. Nothing here knows Odoo.
"""

from math import ceil

SHORT = 24
# What an A4 page holds: lines of the table, and letters that surely fit into one percent of its width.
PORTRAIT, LANDSCAPE = (52, 1.16), (39, 1.7)
FORM_LINES, HEADING_LINES = 1.2, 11


def paginate(table, is_landscape=False, is_first=False):
    """Lists of rows, one for each page; a table of one list stays whole.

    A heading of a group goes with the row below it. No row is lost.

    :param is_first: the heading of the document stands above the table
    """
    if len(table.rows) <= SHORT:
        return [table.rows]
    limit, letters = LANDSCAPE if is_landscape else PORTRAIT
    pages, left = [[]], limit - HEADING_LINES * is_first
    for place, row in enumerate(table.rows):
        needed = count_lines(table.columns, row, letters)
        following = table.rows[place + 1 : place + 2] if row.kind == "group" else ()
        wanted = needed + sum(count_lines(table.columns, other, letters) for other in following)
        if wanted > left and pages[-1]:
            pages.append([])
            left = limit
        pages[-1].append(row)
        left -= needed
    return pages


def count_lines(columns, row, letters):
    """How many lines of text the highest cell of a row needs.

    >>> from collections import namedtuple
    >>> Cell, Line = namedtuple("Cell", "width"), namedtuple("Line", "cells kind")
    >>> count_lines([Cell(10), Cell(90)], Line(("a" * 25, "b"), ""), 1)
    3
    """
    if row.kind == "group":
        return 1
    if row.kind == "form":
        return FORM_LINES
    return max(
        max(1, ceil(len(str(cell)) / max(1, int(column.width * letters)))) if isinstance(cell, str) else 1
        for column, cell in zip(columns, row.cells, strict=True)
    )


def group(parts):
    """Parts that stay on one page together: a text goes with the short table below it."""
    groups = []
    for part in parts:
        is_short = part.shape == "table" and len(part.rows) <= SHORT
        if is_short and groups and groups[-1][-1].shape == "text":
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups
