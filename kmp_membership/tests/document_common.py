import io
from datetime import date

import openpyxl

from .common import MembershipCase

DAY = date(2025, 6, 30)
NIK = "3201012345678901"


class DocumentCase(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member(
            "Budi",
            "A-01",
            national_id=NIK,
            birth_place="Garut",
            birth_date=date(1980, 2, 3),
            sex="male",
            occupation="Petani",
        )
        cls.member.partner_id.write({"street": "Jl. Mawar 1", "city": "Garut"})
        cls.reader = cls.clerk
        # Deliberately not in the order of posting.
        cls._create_entry(
            cls.wajib_account, cls.member.partner_id, 25000, day=date(2025, 3, 10)
        ).action_post()
        cls._create_entry(
            cls.pokok_account, cls.member.partner_id, 100000, day=date(2025, 2, 1)
        ).action_post()
        cls._create_entry(
            cls.sukarela_account, cls.member.partner_id, 7000.5, day=date(2025, 4, 1)
        ).action_post()
        cls._create_entry(
            cls.sukarela_account, cls.member.partner_id, -2000, day=date(2025, 5, 1)
        ).action_post()
        cls._create_entry(
            cls.wajib_account, cls.member.partner_id, 999, day=date(2025, 7, 1)
        ).action_post()  # after the day
        cls._create_entry(cls.wajib_account, cls.member.partner_id, 888, day=date(2025, 3, 11))  # a draft

    def _wizard(self, document, user=None, **vals):
        user = user or self.clerk
        values = {"document": document, "company_id": self.company.id, "date": DAY, **vals}
        return self._as(self.env["kmp.document.wizard"], user).create(values)

    def _report(self, user=None):
        user = user or self.clerk
        return self._as(self.env["ir.actions.report"], user)

    def _as(self, records, user):
        return records.with_user(user).with_context(allowed_company_ids=user.company_id.ids)

    def _html(self, document, user=None, **vals):
        wizard = self._wizard(document, user, **vals)
        return self._report(user)._render_qweb_html(f"kmp_membership.{document}", wizard.ids)[0].decode()

    def _workbook(self, document, user=None, **vals):
        wizard = self._wizard(document, user, **vals)
        content = self._report(user)._render_xlsx(f"kmp_membership.{document}_xlsx", wizard.ids, {})[0]
        return openpyxl.load_workbook(io.BytesIO(content)).active

    def _table(self, sheet, first_title):
        """The rows below the headings as dictionaries, up to the first without anything."""
        rows = list(sheet.iter_rows(values_only=True))
        [start] = [place for place, row in enumerate(rows) if row[0] == first_title]
        table = []
        for row in rows[start + 1 :]:
            if not any(value is not None for value in row):
                break
            table.append(dict(zip(rows[start], row, strict=True)))
        return table
