from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ..simkopdes import region_code

SEXES = {"male": "L", "female": "P"}
MEMBER_STATES = {"active": "aktif", "suspended": "ditangguhkan", "left": "keluar"}
SOURCES = {
    "government": "pemerintah",
    "village": "desa",
    "lpdb": "LPDB",
    "bank": "bank",
    "cooperative": "koperasi lain",
    "member": "anggota",
    "private": "swasta",
}
CAPITAL = {"grant": "hibah", "loan": "pinjaman", "participation": "modal penyertaan"}
MEETING_STATES = {"planned": ("direncanakan", "persiapan"), "held": ("selesai", "pelaporan")}


class Record(NamedTuple):
    """What a row is made of, and the row itself, in the order of `simkopdes.FIELDS`."""

    id: int
    name: str
    values: tuple


class SimkopdesExport(models.TransientModel):
    """The rows of each part, from the register, the dues and the agreements. One query a part; amounts are Decimal."""

    _inherit = "kmp.simkopdes.export"

    def _get_parts(self):
        """{part: [Record]} of what was chosen."""
        self.env.flush_all()
        return {part: list(getattr(self, f"_iter_{part}")()) for part in self._get_part_names()}

    def _iter_anggota(self):
        """Persons who were members in the year, associates too. The state is that of the day of the export."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT member.id, member.number, partner.name, member.national_id, partner.kmp_region_code, member.sex,
                       member.state, member.date_start, member.occupation
                  FROM kmp_membership member JOIN res_partner partner ON partner.id = member.partner_id
                 WHERE member.company_id = %s AND member.state = ANY(%s) AND member.member_kind = 'person'
                   AND COALESCE(member.date_start, %s) <= %s AND COALESCE(member.date_end, %s) >= %s
                 ORDER BY member.number COLLATE "C"
                """,
                self.company_id.id,
                list(MEMBER_STATES),
                self.date_to,
                self.date_to,
                self.date_to,
                self.date_from,
            )
        )
        for member_id, number, name, national_id, region, sex, state, date_start, occupation in rows:
            values = (
                name,
                national_id,
                region_code(region),
                SEXES.get(sex),
                MEMBER_STATES[state],
                date_start,
                occupation,
            )
            yield Record(member_id, f"{number} {name}", values)

    def _iter_simpanan(self):
        """Dues of the year's periods with what became of them, and deposits of the year, which are paid when they are made."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, period, amount::text, status, paid_on
                  FROM (SELECT line.id, line.membership_id, line.period_from AS day, line.amount,
                               TO_CHAR(line.period_from, 'YYYY-MM') AS period,
                               CASE WHEN item.amount_residual = 0 AND line.amount_waived > 0 THEN 'dihapus sebagian'
                                    WHEN item.amount_residual = 0 THEN 'lunas'
                                    WHEN item.amount_residual < line.amount THEN 'dibayar sebagian'
                                    ELSE 'belum dibayar' END AS status,
                               CASE WHEN item.amount_residual = 0 THEN settled.date END AS paid_on
                          FROM kmp_contribution_line line
                          JOIN account_move_line item ON item.id = line.move_line_id
                     LEFT JOIN LATERAL (SELECT MAX(max_date) AS date FROM account_partial_reconcile
                                         WHERE debit_move_id = item.id) settled ON TRUE
                         WHERE line.company_id = %(company)s AND line.state = 'billed'
                           AND line.period_from BETWEEN %(date_from)s AND %(date_to)s
                         UNION ALL
                        SELECT operation.id, operation.membership_id, operation.date, operation.amount,
                               TO_CHAR(operation.date, 'YYYY-MM'), 'lunas', operation.date
                          FROM kmp_share_operation operation
                         WHERE operation.company_id = %(company)s AND operation.state = 'posted'
                           AND operation.kind = 'deposit' AND operation.date BETWEEN %(date_from)s AND %(date_to)s
                       ) paid
                 ORDER BY day, membership_id, id
                """,
                company=self.company_id.id,
                date_from=self.date_from,
                date_to=self.date_to,
            )
        )
        for row_id, period, amount, status, paid_on in rows:
            yield Record(row_id, period, (period, Decimal(amount), status, paid_on))

    def _iter_modal(self):
        """All agreements that money was received of up to the end of the year."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, name, source_type, source_name, capital_type, amount::text, date_received
                  FROM kmp_funding
                 WHERE company_id = %s AND active AND date_received <= %s
                 ORDER BY date_received, name
                """,
                self.company_id.id,
                self.date_to,
            )
        )
        for funding_id, name, source_type, source, capital, amount, received in rows:
            values = (name, SOURCES[source_type], source, CAPITAL[capital], Decimal(amount), received)
            yield Record(funding_id, name, values)

    def _iter_rat(self):
        status, stage = MEETING_STATES[self.meeting_state or "planned"]
        files = (self.position_file, self.result_file, self.position_budget_file, self.result_budget_file)
        values = (
            self.meeting_order or None,
            self.date_to.year,
            self.meeting_date or None,
            self.meeting_participants or None,
            status,
            stage,
            *(file or None for file in files),
        )
        yield Record(self.meeting_id.id, self.meeting_id.name or f"RAT {self.date_to.year}", values)
