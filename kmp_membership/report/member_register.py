from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import indonesian
from .pages import paginate, row_height

# Beyond this a printed register is a pile that nobody binds; the workbook lists everyone.
PRINTED_MEMBERS_LIMIT = 5_000
REASONS = {"resigned": "Mengundurkan diri", "expelled": "Diberhentikan", "deceased": "Meninggal dunia"}
# Width of each printed column in percent, with the personal ones and without.
WIDTHS = {
    True: {"place": 3, "number": 7, "name": 14, "national_id": 9, "birth": 8, "sex": 3, "occupation": 8, "address": 14,
           "class": 14, "date_in": 6, "signature": 7, "date_out": 7},
    False: {"place": 4, "number": 9, "name": 22, "address": 22, "class": 19, "date_in": 7, "signature": 8, "date_out": 9},
}  # fmt: skip
SEXES = {"male": "L", "female": "P"}
ASSOCIATE = "Anggota luar biasa"


class ClassTotal(NamedTuple):
    """How many of a class the register lists: associates are in it, but no members for any count (UU 25/1992 art. 18)."""

    class_name: str
    members: int = 0
    associates: int = 0
    former: int = 0

    @property
    def listed(self):
        return self.members + self.associates + self.former

    @property
    def text(self):
        """For example ``12 anggota, 1 anggota luar biasa, 3 sudah keluar``."""
        others = ((self.associates, ASSOCIATE.lower()), (self.former, "sudah keluar"))
        return ", ".join(
            [
                f"{indonesian.count(self.members)} anggota",
                *(f"{indonesian.count(count)} {name}" for count, name in others if count),
            ]
        )


class RegisterRow(NamedTuple):
    number: str
    name: str
    national_id: str | None
    birth_place: str | None
    birth_date: date | None
    sex: str | None
    occupation: str | None
    address: str
    class_name: str
    is_associate: bool
    class_history: str
    date_in: date | None
    date_out: date | None
    reason: str | None
    balances: tuple[Decimal, ...] = ()  # per share type, at the end of the day

    @property
    def birth(self):
        return ", ".join(filter(None, (self.birth_place, indonesian.short_date(self.birth_date))))

    @property
    def sex_label(self):
        return SEXES.get(self.sex, "")

    @property
    def kind_label(self):
        return ASSOCIATE if self.is_associate else ""

    @property
    def reason_label(self):
        return REASONS.get(self.reason, "")


class MemberRegister(models.AbstractModel):
    """Buku Daftar Anggota (UU 25/1992 art. 17 par. 2): everyone who was a member up to the end of a day, also who has left.

    Who left on the day itself is listed as having left. The class and its history are those known on that day: a later change does
    not show. Query budget: two and one per 5,000 members.
    """

    _name = "report.kmp_membership.member_register"
    _description = "Buku Daftar Anggota"
    _inherit = "kmp.document"

    def _prepare_printed(self, request):
        totals = self._get_totals(request)
        listed = sum(total.listed for total in totals)
        if listed > PRINTED_MEMBERS_LIMIT:
            raise UserError(
                self.env._(
                    "The register of %(company)s lists %(count)s members, and a print up to %(limit)s. Choose a class, or the workbook, "
                    "which lists everyone.",
                    company=request.company_id.name,
                    count=listed,
                    limit=PRINTED_MEMBERS_LIMIT,
                )
            )
        has_personal_data = self._has_personal_data(request)
        widths = WIDTHS[has_personal_data]
        return {
            "request": request,
            "company": request.company_id,
            "address": self._get_company_address(request.company_id),
            "pages": paginate(
                enumerate(self._iter_rows(request), start=1), lambda row: self._get_row_height(row[1], widths)
            ),
            "totals": totals,
            "total": self._add_up(totals),
            "widths": widths,
            "has_personal_data": has_personal_data,
        }

    def _get_row_height(self, row, widths):
        texts = {
            "number": row.number,
            "name": row.name,
            "birth": row.birth,
            "occupation": row.occupation,
            "address": row.address,
            "class": "\n".join(filter(None, (row.class_name, row.kind_label, row.class_history))),
            "date_out": f"\n{row.reason_label}" if row.date_out else "",
        }
        return row_height([(text, widths[name]) for name, text in texts.items() if name in widths])

    def _has_personal_data(self, request):
        return self._sees_personal_data() and request.has_personal_data

    def _iter_rows(self, request):
        """The rows, in the order of the member numbers; with what each member holds where the request says so."""
        share_types = self._get_balance_types(request)
        query = SQL(
            '''SELECT r.number, r.name, %s, r.address, r.class_name, r.is_associate, r.class_history, r.date_in, r.date_out, r.reason %s
                 FROM (%s) r %s ORDER BY r.number COLLATE "C"''',
            self._get_personal_columns(self._has_personal_data(request)),
            SQL().join(
                SQL(", COALESCE(%s, 0)::text", SQL.identifier("b", f"t{record.id}")) for record in share_types
            ),
            self._get_register_query(request),
            self._get_balances_join(request, share_types),
        )
        width = len(RegisterRow._fields) - 1
        for row in self._iter_query(query, f"register_{request.id}"):
            yield RegisterRow(*row[:width], tuple(map(Decimal, row[width:])))

    def _get_balance_types(self, request):
        return self._get_share_types(request) if request.has_balances else self.env["kmp.share.type"]

    def _get_balances_join(self, request, share_types) -> SQL:
        if not share_types:
            return SQL()
        return SQL(
            "LEFT JOIN (%s) b ON b.partner_id = r.partner_id",
            share_types._get_holdings_by_type_query(request.date),
        )

    def _get_personal_columns(self, is_shown) -> SQL:
        names = ("national_id", "birth_place", "birth_date", "sex", "occupation")
        return SQL(", ").join(
            SQL("r.%s", SQL.identifier(name)) if is_shown else SQL("NULL") for name in names
        )

    def _get_totals(self, request):
        """[ClassTotal] of the register. Query budget: one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.class_name, COUNT(*) FILTER (WHERE r.date_out IS NULL AND NOT r.is_associate),
                       COUNT(*) FILTER (WHERE r.date_out IS NULL AND r.is_associate), COUNT(r.date_out)
                  FROM (%s) r GROUP BY r.class_sequence, r.class_name ORDER BY r.class_sequence, r.class_name
                """,
                self._get_register_query(request),
            )
        )
        return [ClassTotal(*row) for row in rows]

    def _add_up(self, totals):
        return ClassTotal("", *map(sum, zip(*(total[1:] for total in totals), strict=True)))

    def _get_register_query(self, request) -> SQL:
        """One row per member known at the end of ``request.date``; see the class."""
        return SQL(
            """
            WITH period AS (
                -- A change of class ends a period and no membership: the next one begins on the day after.
                SELECT membership_id, class_id, date_from, date_to,
                       CASE WHEN date_to + 1 < COALESCE(LEAD(date_from) OVER (PARTITION BY membership_id ORDER BY date_from), 'infinity')
                            THEN date_to ELSE 'infinity' END AS last_day
                  FROM kmp_membership_period WHERE company_id = %(company)s
            ), life AS (
                SELECT p.membership_id, MIN(p.date_from) AS first_day, (ARRAY_AGG(p.last_day ORDER BY p.date_from DESC))[1] AS last_day,
                       (ARRAY_AGG(p.class_id ORDER BY p.date_from DESC))[1] AS class_id,
                       STRING_AGG(CONCAT(c.code, ' ', TO_CHAR(p.date_from, 'DD/MM/YYYY'), ' – ',
                                         CASE WHEN p.date_to <= %(day)s THEN TO_CHAR(p.date_to, 'DD/MM/YYYY') ELSE 'sekarang' END),
                                  '; ' ORDER BY p.date_from) AS history
                  FROM period p JOIN kmp_stakeholder_class c ON c.id = p.class_id
                 WHERE p.date_from <= %(day)s
                 GROUP BY p.membership_id
            ), member AS (
                SELECT m.*, LEAST(m.date_start, life.first_day) AS date_in, life.class_id AS class_on_day, life.history,
                       COALESCE(life.last_day, m.date_end, 'infinity') AS last_day
                  FROM kmp_membership m LEFT JOIN life ON life.membership_id = m.id
                 WHERE m.company_id = %(company)s AND m.number IS NOT NULL
            )
            SELECT m.number, m.partner_id, partner.name, m.national_id, m.birth_place, m.birth_date, m.sex, m.occupation,
                   CONCAT_WS(', ', NULLIF(partner.street, ''), NULLIF(partner.street2, ''), NULLIF(partner.city, ''),
                             NULLIF(state.name, ''), NULLIF(partner.zip, '')) AS address,
                   COALESCE(class.name->>'id_ID', class.name->>'en_US', '') AS class_name,
                   COALESCE(class.sequence, 0) AS class_sequence, COALESCE(m.is_associate, FALSE) AS is_associate, COALESCE(m.history, '') AS class_history,
                   m.date_in, CASE WHEN m.last_day <= %(day)s THEN m.last_day END AS date_out,
                   CASE WHEN m.last_day <= %(day)s THEN COALESCE(step.reason, m.left_reason) END AS reason
              FROM member m
              JOIN res_partner partner ON partner.id = m.partner_id
         LEFT JOIN res_country_state state ON state.id = partner.state_id
         LEFT JOIN kmp_stakeholder_class class ON class.id = m.class_on_day
         LEFT JOIN LATERAL (
                SELECT CASE s.kind WHEN 'resign' THEN 'resigned' WHEN 'expel' THEN 'expelled' ELSE 'deceased' END AS reason
                  FROM kmp_membership_step s
                 WHERE s.membership_id = m.id AND s.date = m.last_day AND s.kind IN ('resign', 'expel', 'decease')
                   AND m.last_day <= %(day)s
                 ORDER BY s.id DESC LIMIT 1) step ON TRUE
             WHERE COALESCE(m.date_in, %(day)s) <= %(day)s
               AND (%(all_classes)s OR m.class_on_day = ANY(%(classes)s))
               AND (%(former)s OR m.last_day > %(day)s)
            """,
            company=request.company_id.id,
            day=request.date,
            all_classes=not request.class_ids,
            classes=request.class_ids.ids,
            former=request.has_former_members,
        )
