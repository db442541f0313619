"""The foot of a printed page. Debian's wkhtmltopdf has no patched Qt and drops the footer that Odoo
hands it, so pages are numbered here, in the finished file, the same with every build."""

import io

from reportlab.pdfgen.canvas import Canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

MARGIN = 40  # points
FOOT = 24
FONT, SIZE = "Helvetica", 7


def number_pages(stream, label, unnumbered=0, bookmarks=()):
    """The PDF of a stream with `label` and "Halaman 1 dari 9" at the foot of each page, and bookmarks.

    :param unnumbered: how many pages at the beginning count and show no number, such as a cover
    :param bookmarks: [(title, place)], the first page is 0
    """
    pages = PdfFileReader(stream, strict=False).pages
    feet = PdfFileReader(_draw_feet(pages, _printable(label))).pages
    writer = PdfFileWriter()
    for place, (page, foot) in enumerate(zip(pages, feet, strict=True)):
        numbered = writer.add_page(page)
        if place >= unnumbered:
            numbered.merge_page(foot)
            numbered.compress_content_streams()
    for title, place in bookmarks:
        writer.add_outline_item(title, place)
    result = io.BytesIO()
    writer.write(result)
    return result


def _draw_feet(pages, label):
    sheet = io.BytesIO()
    canvas = Canvas(sheet)
    for place, page in enumerate(pages, start=1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        canvas.setPageSize((width, height))
        canvas.setFont(FONT, SIZE)
        canvas.drawString(MARGIN, FOOT, label)
        canvas.drawRightString(width - MARGIN, FOOT, f"Halaman {place} dari {len(pages)}")
        canvas.showPage()
    canvas.save()
    sheet.seek(0)
    return sheet


def _printable(label):
    """The built-in font has Western characters only."""
    return label.encode("cp1252", "replace").decode("cp1252")
