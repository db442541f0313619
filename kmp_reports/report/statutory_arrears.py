from decimal import Decimal

from odoo import models
from odoo.tools import SQL, groupby

from odoo.addons.kmp_membership.report import indonesian

from ..models.coop_figures import Year
from .shu_check import Check
from .statutory_parts import AMOUNT, COUNT, DATE, Column, Row, Table, add

AGES = ("Belum jatuh tempo", "0–30 hari", "31–60 hari", "61–90 hari", "Di atas 90 hari", "Jumlah jatuh tempo")
AMOUNTS = range(5, 11)
DUE = 10


class StatutoryArrears(models.AbstractModel):
    """Daftar tunggakan simpanan: who owed dues at the end of a day, and for how many days since they fell due.

    As the books stood then: what was paid later is still owed. The day on which it falls due is day 0.
    """

    _name = "kmp.statutory.arrears"
    _description = "Daftar Tunggakan Simpanan"
    _inherit = "kmp.statutory"

    _title = "DAFTAR TUNGGAKAN SIMPANAN"
    _sheet = "Tunggakan"
    _is_landscape = True

    def _get_subtitle(self, date_from, date_to):
        return f"Keadaan pada akhir {indonesian.date(date_to)}"

    def _fill(self, document):
        rows = []
        for class_name, members in groupby(self._read_members(document), key=lambda row: row.cells[3]):
            lines = list(members)
            rows += [Row((class_name or "Tanpa kelompok", *[None] * 10), "group"), *lines]
            rows.append(self._sum_up(f"Jumlah {class_name}", lines, "sum"))
        if rows:
            rows.append(self._sum_up("Jumlah seluruhnya", rows, "total"))
        document.parts.append(Table("", self._get_columns(), rows, empty="Tidak ada tunggakan."))
        document.checks.append(self._get_check(document, add(rows, DUE)))

    def _get_columns(self):
        return [
            Column("No.", 4, COUNT),
            Column("No. anggota", 10),
            Column("Nama", 19),
            Column("Kelompok", 10),
            Column("Jatuh tempo sejak", 9, DATE),
            *(Column(title, 8, AMOUNT) for title in AGES),
        ]

    def _sum_up(self, label, rows, kind):
        return Row((None, None, label, None, None, *(add(rows, place) for place in AMOUNTS)), kind)

    def _read_members(self, document):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(member.number, ''), partner.name,
                       COALESCE(class.name->>'id_ID', class.name->>'en_US', ''),
                       MIN(owed.date_due) FILTER (WHERE owed.age >= 0),
                       COALESCE(SUM(owed.amount) FILTER (WHERE owed.age < 0), 0)::text,
                       COALESCE(SUM(owed.amount) FILTER (WHERE owed.age BETWEEN 0 AND 30), 0)::text,
                       COALESCE(SUM(owed.amount) FILTER (WHERE owed.age BETWEEN 31 AND 60), 0)::text,
                       COALESCE(SUM(owed.amount) FILTER (WHERE owed.age BETWEEN 61 AND 90), 0)::text,
                       COALESCE(SUM(owed.amount) FILTER (WHERE owed.age > 90), 0)::text,
                       COALESCE(SUM(owed.amount) FILTER (WHERE owed.age >= 0), 0)::text
                  FROM (%s) owed
                  JOIN kmp_membership member ON member.id = owed.membership_id
                  JOIN res_partner partner ON partner.id = member.partner_id
             LEFT JOIN kmp_stakeholder_class class ON class.id = member.class_id
                 GROUP BY member.id, partner.id, class.id
                 ORDER BY class.sequence, class.code COLLATE "C", member.number COLLATE "C"
                """,
                self._get_owed_query(document.company, document.date_to),
            )
        )
        return [Row((place, *row[:4], *map(Decimal, row[4:]))) for place, row in enumerate(rows, start=1)]

    def _get_owed_query(self, company, day) -> SQL:
        """What was billed and not settled at the end of a day: `membership_id`, `date_due`, `age` in days, `amount`."""
        return SQL(
            """
            SELECT due.membership_id, due.date_due, %(day)s::date - due.date_due AS age,
                   due.balance - COALESCE(settled.amount, 0) AS amount
              FROM (SELECT line.membership_id, item.id, item.balance, COALESCE(item.date_maturity, line.date_due) AS date_due
                      FROM kmp_contribution_line line JOIN account_move_line item ON item.id = line.move_line_id
                     WHERE line.company_id = %(company)s AND item.parent_state = 'posted' AND item.date <= %(day)s) due
         LEFT JOIN LATERAL (SELECT SUM(amount) AS amount FROM account_partial_reconcile
                             WHERE debit_move_id = due.id AND max_date <= %(day)s) settled ON TRUE
             WHERE due.balance > COALESCE(settled.amount, 0)
            """,
            company=company.id,
            day=day,
        )

    def _get_check(self, document, total):
        year = Year(document.date_from, document.date_to)
        [arrears] = self.env["kmp.coop.figures"]._get_arrears(document.company, [year])
        return Check(
            "Daftar tunggakan = tagihan jatuh tempo",
            "Jumlah daftar per anggota",
            total,
            "Buku besar: tagihan yang jatuh tempo dikurangi pelunasan",
            arrears,
        )
