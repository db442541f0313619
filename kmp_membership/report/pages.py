"""A table cut into pages, each with its own headings. Nothing here knows Odoo.

Debian's wkhtmltopdf has no patched Qt: it neither repeats the headings of a table nor keeps a row together. So the rows are counted
out to pages by the lines that they need.
"""

from math import ceil

# Pixels of the style sheet: a line of text and what is above and below it in a cell, and the width of a table and of a letter.
LINE_HEIGHT, CELL_PADDING = 13, 7
TABLE_WIDTH, LETTER_WIDTH = 1390, 5.6
# What a landscape page of A4 holds, below the heading of the document and without it.
FIRST_PAGE, OTHER_PAGE = 700, 820


def letters(percent):
    """How many letters fit side by side into a column of so much percent of the table."""
    return max(1, int((TABLE_WIDTH * percent / 100 - 10) / LETTER_WIDTH))


def row_height(cells):
    """The height of a row of (text, percent) cells.

    >>> row_height([("short", 20), ("a" * 100, 10)]), row_height([("two\\nlines", 20)])
    (72, 33)
    """
    lines = max(
        sum(max(1, ceil(len(part) / letters(percent))) for part in (text or "").split("\n"))
        for text, percent in cells
    )
    return lines * LINE_HEIGHT + CELL_PADDING


def paginate(rows, height, first_page=FIRST_PAGE, other_page=OTHER_PAGE):
    """Lists of rows, one per page: no row is lost, and an empty table has one page.

    >>> paginate([5, 5, 5], lambda row: row, 10, 20)
    [[5, 5], [5]]
    >>> paginate([], len)
    [[]]
    """
    pages, left = [[]], first_page
    for row in rows:
        needed = height(row)
        if needed > left and pages[-1]:
            pages.append([])
            left = other_page
        pages[-1].append(row)
        left -= needed
    return pages
