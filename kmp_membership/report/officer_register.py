from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from . import indonesian
from .pages import paginate, row_height
from .posts import BODIES, POSTS

# Width of each printed column in percent.
WIDTHS = {
    "place": 4,
    "number": 10,
    "name": 24,
    "class": 14,
    "post": 12,
    "date_from": 9,
    "date_to": 9,
    "resolution": 10,
    "sign": 8,
}


class OfficerRow(NamedTuple):
    body: str
    post: str
    number: str
    name: str
    class_name: str
    date_from: date
    date_to: date
    resolution: str | None
    is_in_office: bool

    @property
    def post_label(self):
        return POSTS.get(self.post, self.post)

    @property
    def term(self):
        return f"{indonesian.short_date(self.date_from)} – {indonesian.short_date(self.date_to)}"


class OfficerRegister(models.AbstractModel):
    """Buku Daftar Pengurus and Buku Daftar Pengawas (UU 25/1992 art. 30): every term that has begun up to the end of a day.

    A term may be ended before its time: the day on which it really ended is the last one here. Query budget: one.
    """

    _name = "report.kmp_membership.officer_register"
    _description = "Buku Daftar Pengurus dan Pengawas"
    _inherit = "kmp.document"

    def _prepare_printed(self, request):
        rows = list(self._iter_rows(request))
        return {
            "request": request,
            "company": request.company_id,
            "address": self._get_company_address(request.company_id),
            "widths": WIDTHS,
            "books": [
                {
                    "title": f"BUKU DAFTAR {title}",
                    "pages": self._paginate([row for row in rows if row.body == body]),
                }
                for body, title in BODIES.items()
            ],
        }

    def _paginate(self, rows):
        return paginate(
            enumerate(rows, start=1),
            lambda row: row_height(
                [
                    (row[1].name, WIDTHS["name"]),
                    (row[1].class_name, WIDTHS["class"]),
                    (row[1].resolution, WIDTHS["resolution"]),
                ]
            ),
        )

    def _iter_rows(self, request):
        self.env["kmp.officer"].sudo(flag=False).check_access("read")
        query = SQL(
            """
            SELECT officer.body, officer.post, COALESCE(m.number, ''), partner.name,
                   COALESCE(class.name->>'id_ID', class.name->>'en_US', ''), officer.date_from, officer.date_to,
                   officer.resolution, officer.date_to >= %(day)s
              FROM kmp_officer officer
              JOIN kmp_membership m ON m.id = officer.membership_id
              JOIN res_partner partner ON partner.id = m.partner_id
         LEFT JOIN kmp_stakeholder_class class ON class.id = officer.class_id
             WHERE officer.company_id = %(company)s AND officer.date_from <= %(day)s
               AND (%(former)s OR officer.date_to >= %(day)s)
             ORDER BY officer.body, officer.date_to < %(day)s, officer.sequence, officer.date_from DESC, officer.id
            """,
            company=request.company_id.id,
            day=request.date,
            former=request.has_former_members,
        )
        return (OfficerRow(*row) for row in self._iter_query(query, f"officers_{request.id}"))
