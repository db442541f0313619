from odoo import models

from odoo.addons.kmp_membership.report import indonesian
from odoo.addons.kmp_membership.tools import in_indonesian

from .shu_check import Check
from .statutory_parts import StatementPart

EQUATIONS = {
    "position": ("Aset = liabilitas + ekuitas", "Jumlah aset", "Jumlah liabilitas dan ekuitas"),
    "result": (
        "SHU perhitungan hasil usaha = SHU posisi keuangan",
        "Perhitungan hasil usaha",
        "Posisi keuangan",
    ),
    "result_plain": (
        "SHU bentuk ringkas = SHU bentuk partisipasi",
        "Perhitungan hasil usaha ringkas",
        "Perhitungan hasil usaha",
    ),
    "equity": ("Ekuitas akhir = ekuitas posisi keuangan", "Perubahan ekuitas", "Posisi keuangan"),
    "cash_flow": ("Kas awal + arus kas = kas akhir", "Arus kas", "Kas dan setara kas"),
}


class Reading(dict):
    """What statements say, read once for all documents that share it in the context: {(company id, first day, last day, whether the
    year before stands beside): (statements, problems)}. An object of the process, which no client can forge, and which lives no longer than one step of the work."""


class StatutoryStatement(models.AbstractModel):
    """A statement as a document of the annual report: what `kmp.statement` reads, with what is wrong with it on its face."""

    _name = "kmp.statutory.statement"
    _description = "Statement of the Annual Report"
    _inherit = "kmp.statutory"

    _kind = ""

    def _fill(self, document):
        statements, problems = self._read(document.company, document.date_from, document.date_to)
        statement = statements[self._kind]
        problems = [problem for problem in problems if problem.kind == self._kind]
        document.title = statement.title.upper()
        document.subtitle = statement.period
        document.is_landscape = any(column.label for column in statement.columns)
        document.parts.append(StatementPart(statement, problems))
        document.notices += [self._describe(problem, document) for problem in problems]
        document.checks += self._get_checks(statements)

    def _read(self, company, *period):
        reading = self.env.context.get("kmp_reading")
        reading = reading if isinstance(reading, Reading) else {}
        compare = self.env.context.get("kmp_is_compared", True)
        key = company.id, *period, compare
        if key not in reading:
            service = in_indonesian(self.env["kmp.statement"])
            reading[key] = service._read_all(company, *period, compare), service._check(company, *period)
        return reading[key]

    def _get_checks(self, statements):
        """The equations of this statement; the sums of the lines are what is on its page."""
        return [
            Check(*EQUATIONS[kind][:2], left, EQUATIONS[kind][2], right)
            for kind, left, right in self.env["kmp.statement"]._get_equations(statements)
            if kind == self._kind
        ]

    def _describe(self, problem, document):
        # Not the display name: Odoo leaves the code out of it for who has no accounting rights.
        accounts = ", ".join(f"{account.code or ''} {account.name}".strip() for account in problem.accounts)
        difference = (
            f" Selisih {indonesian.money(problem.difference, document.currency)}."
            if problem.difference
            else ""
        )
        return f"{problem.message}{difference} {accounts}".strip()


class StatutoryPosition(models.AbstractModel):
    _name = "kmp.statutory.position"
    _description = "Laporan Posisi Keuangan"
    _inherit = "kmp.statutory.statement"

    _kind = "position"
    _title = "LAPORAN POSISI KEUANGAN"
    _sheet = "Posisi keuangan"


class StatutoryResult(models.AbstractModel):
    _name = "kmp.statutory.result"
    _description = "Perhitungan Hasil Usaha"
    _inherit = "kmp.statutory.statement"

    _kind = "result"
    _title = "PERHITUNGAN HASIL USAHA"
    _sheet = "Hasil usaha"


class StatutoryResultPlain(models.AbstractModel):
    _name = "kmp.statutory.result_plain"
    _description = "Perhitungan Hasil Usaha, bentuk ringkas"
    _inherit = "kmp.statutory.statement"

    _kind = "result_plain"
    _title = "PERHITUNGAN HASIL USAHA (BENTUK RINGKAS)"
    _sheet = "PHU ringkas"


class StatutoryEquity(models.AbstractModel):
    _name = "kmp.statutory.equity"
    _description = "Laporan Perubahan Ekuitas"
    _inherit = "kmp.statutory.statement"

    _kind = "equity"
    _title = "LAPORAN PERUBAHAN EKUITAS"
    _sheet = "Perubahan ekuitas"
    _is_landscape = True


class StatutoryCashFlow(models.AbstractModel):
    _name = "kmp.statutory.cash_flow"
    _description = "Laporan Arus Kas"
    _inherit = "kmp.statutory.statement"

    _kind = "cash_flow"
    _title = "LAPORAN ARUS KAS"
    _sheet = "Arus kas"
