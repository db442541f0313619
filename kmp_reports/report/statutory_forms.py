from odoo import fields, models
from odoo.tools import SQL, groupby

from .statutory_parts import COUNT, Column, Row, Signer, Table


class StatutoryAttendance(models.AbstractModel):
    """Daftar hadir: a form that lists who may vote today, by class, with a place to sign.

    The meeting's own list, with proxies and delegates, is that of the meeting; this one needs none.
    """

    _name = "kmp.statutory.attendance"
    _description = "Daftar Hadir Rapat Anggota"
    _inherit = "kmp.statutory"

    _title = "DAFTAR HADIR RAPAT ANGGOTA TAHUNAN"
    _sheet = "Daftar hadir"
    _is_signed = False

    def _get_subtitle(self, date_from, date_to):
        return f"Tahun buku {date_to.year}. Hari, tanggal: ................................ Tempat: ................................"

    def _get_notices(self, company, date_to):
        return []

    def _fill(self, document):
        rows = []
        for class_name, members in groupby(self._read_members(document.company), key=lambda row: row[0]):
            rows.append(Row((class_name or "Tanpa kelompok", None, None, None), "group"))
            start = sum(row.kind == "form" for row in rows)
            rows += [
                Row((place, number, name, ""), "form")
                for place, (_class, number, name) in enumerate(members, start + 1)
            ]
        columns = [
            Column("No.", 8, COUNT),
            Column("No. anggota", 18),
            Column("Nama", 44),
            Column("Tanda tangan", 30),
        ]
        document.parts.append(Table("", columns, rows, empty="Belum ada anggota."))

    def _read_members(self, company):
        """(class, number, name) of the members of today; associates do not vote. Query budget: one."""
        return self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(class.name->>'id_ID', class.name->>'en_US', ''), COALESCE(member.number, ''), partner.name
                  FROM kmp_membership_period period
                  JOIN kmp_membership member ON member.id = period.membership_id
                  JOIN res_partner partner ON partner.id = member.partner_id
                  JOIN kmp_stakeholder_class class ON class.id = period.class_id
                 WHERE period.company_id = %(company)s AND member.is_associate IS NOT TRUE
                   AND period.date_from <= %(day)s AND (period.date_to IS NULL OR period.date_to >= %(day)s)
                 ORDER BY class.sequence, class.code COLLATE "C", member.number COLLATE "C"
                """,
                company=company.id,
                day=fields.Date.context_today(self),
            )
        )


class StatutoryMinutes(models.AbstractModel):
    """Berita acara rapat anggota: a form to fill in by hand at the meeting."""

    _name = "kmp.statutory.minutes"
    _description = "Berita Acara Rapat Anggota"
    _inherit = "kmp.statutory"

    _title = "BERITA ACARA RAPAT ANGGOTA TAHUNAN"
    _sheet = "Berita acara"

    def _get_notices(self, company, date_to):
        return []

    def _get_place_and_date(self, company, is_final):
        return super()._get_place_and_date(company, is_final=False)

    def _get_signers(self, company):
        return [Signer("Pimpinan rapat", ""), Signer("Sekretaris rapat", ""), Signer("Wakil anggota", "")]

    def _fill(self, document):
        self._fill_texts(document, "minutes", lambda kind: self._get_form(kind, document))

    def _get_form(self, kind, document):
        """Ruled lines to write on: `attendance` by class, `resolutions`."""
        if kind == "attendance":
            return self._get_attendance_table(document)
        columns = [
            Column("No.", 8),
            Column("Keputusan", 52),
            Column("Setuju", 13),
            Column("Tidak", 13),
            Column("Abstain", 14),
        ]
        return Table("", columns, [Row((str(place), "", "", "", ""), "form") for place in range(1, 9)])

    def _get_attendance_table(self, document):
        members = self.env["kmp.statutory.attendance"]._read_members(document.company)
        counts = {name: len(rows) for name, rows in groupby(members, key=lambda row: row[0])}
        rows = [Row((name, count, "", ""), "form") for name, count in counts.items()]
        rows.append(Row(("Jumlah", len(members), "", ""), "total"))
        columns = [
            Column("Kelompok", 40),
            Column("Anggota", 16, COUNT),
            Column("Hadir", 22),
            Column("Kuorum tercapai", 22),
        ]
        return Table("", columns, rows)
