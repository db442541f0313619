from datetime import date
from decimal import Decimal

from .small_year_case import THOUSAND, SmallYearCase
from .small_years import SHOP

YEAR = date(2025, 1, 1), date(2025, 12, 31)


class StatutoryCase(SmallYearCase):
    """The documents of one of the co-operatives that are computed by hand."""

    cooperative = SHOP

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_books(cls.cooperative)
        cls.company.city = "Sleman"

    def setUp(self):
        super().setUp()
        self._import_business(self.cooperative)

    def _get(self, key, user=None, company=None, dates=YEAR):
        model = self.env["kmp.statutory"].with_user(user or self.auditor)._get_model(key)
        return model._get_document(company or self.company, *dates)

    def _get_texts(self, document):
        return {
            part.title.split(". ", 1)[-1]: str(part.body) for part in document.parts if part.shape == "text"
        }

    def _get_rows(self, table):
        """{label: amounts in thousands of rupiah} of the lines and sums of a table."""
        return {row.cells[0]: self._in_thousands(row.cells[1:]) for row in table.rows if row.kind != "group"}

    def _in_thousands(self, cells):
        return tuple(cell / THOUSAND for cell in cells if isinstance(cell, Decimal))

    def _get_notes(self, document):
        """{title of the note: its table}."""
        notes, title = {}, None
        for part in document.parts:
            if part.shape == "text":
                title = part.title.split(". ", 1)[-1]
            else:
                notes[title] = part
        return notes

    def _render(self, key, user=None):
        """The page of a document as HTML."""
        wizard = (
            self.env["kmp.statutory.wizard"]
            .with_user(user or self.auditor)
            .create({"document": key, "date_to": YEAR[1], "company_id": self.company.id})
        )
        return str(wizard.preview)
