from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_membership.report import indonesian
from odoo.addons.kmp_membership.report.posts import BODIES, POSTS

from .statutory_parts import Document, Signer, Text

SIGNERS = (
    ("Bendahara", "board", "treasurer"),
    ("Ketua", "board", "chair"),
    ("Pengawas", "supervisors", "chair"),
)

DOTS = 32 * "."


class Statutory(models.AbstractModel):
    """A statutory document: its values, computed once for the screen, the print and the workbook.

    An addon adds a document by adding an abstract model that inherits this one: `kmp.statutory.<key>`. Nothing else changes. The text is
    Indonesian whatever the reader's language. Amounts are `Decimal` from `numeric`; none passes through a float.
    """

    _name = "kmp.statutory"
    _description = "Statutory Document"

    _title = ""
    _sheet = ""
    _is_landscape = False
    _is_signed = True

    @api.model
    def _get_document(self, company, date_from, date_to):
        """The `Document` of a company about a period, both days included.

        :raise AccessError: the user may not read the surplus of a co-operative, or not of that company
        :raise UserError: the period ends before it begins
        """
        # A report may be reached with sudo: the rights that count are those of the user.
        reader = self.sudo(flag=False).with_company(company)
        reader._check_readable(company)
        reader._check_period(date_from, date_to)
        self.env.flush_all()
        document = reader._prepare_document(company, date_from, date_to)
        reader._fill(document)
        return document

    def _prepare_document(self, company, date_from, date_to):
        """The heading of the document, and who signs it."""
        return Document(
            key=self._name.rsplit(".", 1)[1],
            title=self._title,
            sheet=self._sheet,
            company=company,
            date_from=date_from,
            date_to=date_to,
            subtitle=self._get_subtitle(date_from, date_to),
            is_landscape=self._is_landscape,
            parts=[],
            notices=self._get_notices(company, date_to),
            signers=self._get_signers(company) if self._is_signed else [],
            place_and_date=self._get_place_and_date(company, self._is_locked(company, date_to)),
        )

    def _fill(self, document):
        """Add parts, and what is to be said and checked, to a document that has its heading."""
        raise NotImplementedError

    @api.model
    def _get_keys(self):
        """The keys of all documents, sorted."""
        names = self.env.registry.descendants([self._name], "_inherit") - {self._name}
        return sorted(name.removeprefix("kmp.statutory.") for name in names)

    @api.model
    def _get_model(self, key):
        return self.env[f"kmp.statutory.{key}"]

    def _check_readable(self, company):
        self.env["kmp.shu.run"].check_access("read")
        if company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You may not print documents of %s. Switch to that company first.", company.sudo().name
                )
            )

    def _check_period(self, date_from, date_to):
        if date_from > date_to:
            raise UserError(
                self.env._(
                    "The first day (%(first)s) lies after the last one (%(last)s).",
                    first=date_from,
                    last=date_to,
                )
            )

    def _get_subtitle(self, date_from, date_to):
        return f"Tahun buku {indonesian.date(date_from)} s.d. {indonesian.date(date_to)}"

    def _get_notices(self, company, date_to):
        """What is not final about the books: a document of an open year says so on its face."""
        if self._is_locked(company, date_to):
            return []
        return [f"KONSEP: buku sampai dengan {indonesian.date(date_to)} belum dikunci."]

    @api.model
    def _is_locked(self, company, date_to):
        """Whether nothing can be posted any more into the books up to a day."""
        locked = [day for day in (company.fiscalyear_lock_date, company.hard_lock_date) if day]
        return bool(locked) and max(locked) >= date_to

    @api.model
    def _get_place_and_date(self, company, is_final):
        """What stands above the signatures. A draft, and a form, leave dots for the date to be written by hand."""
        today = indonesian.date(fields.Date.context_today(self))
        return f"{company.city or DOTS}, {today if is_final else f'tanggal {DOTS}'}"

    def _get_signers(self, company):
        """Treasurer, chair and supervisor who are in office today, when the document is signed; dots where nobody is."""
        in_office = self.env["kmp.officer"]._get_in_office(company)
        return [Signer(label, in_office._get_holder_name(body, post)) for label, body, post in SIGNERS]

    def _get_body_signers(self, company, body):
        """All who are in office of a body today, with their posts; a place for one where nobody is recorded."""
        title = BODIES[body].capitalize()
        in_office = self.env["kmp.officer"]._get_in_office(company)
        return [
            Signer(
                title if officer.post == "member" else POSTS[officer.post],
                officer.membership_id.partner_id.name,
            )
            for officer in in_office.filtered(lambda officer: officer.body == body)
        ] or [Signer(title, "")]

    def _fill_texts(self, document, key, get_table=None):
        """Add the year's texts of a document, each under its number and with the table it names."""
        period = document.company, document.date_from, document.date_to
        values = self.env["kmp.report.placeholders"]._get_values(*period)
        texts = self.env["kmp.report.text"]._get_texts(document.company, document.date_to, key)
        for number, text in enumerate(texts, start=1):
            body, unknown = text._fill_in(values)
            document.parts.append(Text(f"{number}. {text.name}", body))
            document.notices += [f"{text.name}: isian {{{name}}} tidak dikenal." for name in unknown]
            if text.table and get_table:
                document.parts.append(get_table(text.table))

    @api.model
    def _get_previous_year(self, company, date_from):
        """The fiscal year that ends before a day: (first day, last day)."""
        dates = company.compute_fiscalyear_dates(date_from.fromordinal(date_from.toordinal() - 1))
        return dates["date_from"], dates["date_to"]
