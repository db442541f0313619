"""Printed parts bound into one book. Nothing here knows Odoo's records."""

import io

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from .page_numbers import number_pages


def count_pages(content):
    return len(PdfFileReader(io.BytesIO(content), strict=False).pages)


def place_parts(counts, first):
    """The page on which each part begins.

    >>> place_parts([2, 1, 3], 3)
    [3, 5, 6]
    """
    places = []
    for count in counts:
        places.append(first)
        first += count
    return places


def bind(front, parts, label):
    """The bytes of a book: `front` (cover and contents) and the parts, with numbered pages and a bookmark for each part.

    :param front: a list of PDFs; the first is the cover, which has no number
    :param parts: [(title, PDF)]
    """
    stream = io.BytesIO()
    writer = PdfFileWriter()
    for content in (*front, *(content for _title, content in parts)):
        for page in PdfFileReader(io.BytesIO(content), strict=False).pages:
            writer.add_page(page)
    writer.write(stream)
    first = sum(map(count_pages, front))
    places = place_parts([count_pages(content) for _title, content in parts], first)
    bookmarks = [(title, place) for (title, _content), place in zip(parts, places, strict=True)]
    return number_pages(stream, label, unnumbered=1, bookmarks=bookmarks).getvalue()
