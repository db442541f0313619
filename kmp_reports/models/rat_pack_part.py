from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

SHU = "shu"
# In the order of the book. A key is that of a `kmp.statutory` document, but for the distribution of the surplus.
PARTS = {
    "officers": "Laporan pengurus",
    "supervisors": "Laporan pengawas",
    "position": "Laporan posisi keuangan",
    "result": "Perhitungan hasil usaha",
    "equity": "Laporan perubahan ekuitas",
    "cash_flow": "Laporan arus kas",
    "calk": "Catatan atas laporan keuangan",
    "lpea": "Laporan promosi ekonomi anggota",
    SHU: "Pembagian sisa hasil usaha",
    "funds": "Laporan dana dan cadangan",
    "funding": "Laporan penggunaan hibah dan pinjaman",
    "arrears": "Daftar tunggakan simpanan",
    "plan": "Rencana kerja dan rencana anggaran",
    "attendance": "Daftar hadir rapat anggota",
    "minutes": "Berita acara rapat anggota",
}
TO_WRITE = "(uraikan)"


class RatPack(models.Model):
    _inherit = "kmp.rat.pack"

    def _create_parts(self):
        unsealed(self.env["kmp.rat.pack.part"]).create(
            [
                {"pack_id": pack.id, "key": key, "name": name, "sequence": sequence}
                for pack in self
                for sequence, (key, name) in enumerate(PARTS.items(), start=1)
            ]
        )

    def _get_run(self):
        """The distribution of the year: the last that is posted, else what is computed."""
        figures = self.env["kmp.coop.figures"]
        [year] = figures._get_years(self.company_id, self.date_to, 1)
        found = figures._get_runs(self.company_id, [year]).get(year)
        return self.env["kmp.shu.run"].browse(found[:1] if found else [])


class RatPackPart(models.Model):
    """A document of an annual report, and whether it is ready. What is missing is known before the book is built."""

    _name = "kmp.rat.pack.part"
    _description = "Part of an Annual Report"
    _order = "sequence, id"

    pack_id = fields.Many2one("kmp.rat.pack", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="pack_id.company_id")
    sequence = fields.Integer(readonly=True)
    key = fields.Char(required=True, readonly=True)
    name = fields.Char("Document", required=True, readonly=True)
    is_included = fields.Boolean("In the Book", default=True)
    status = fields.Selection(
        [
            ("unchecked", "Not checked"),
            ("ready", "Ready"),
            ("attention", "Look at it"),
            ("missing", "Missing"),
        ],
        required=True,
        default="unchecked",
        readonly=True,
    )
    remark = fields.Text(readonly=True)
    file = fields.Binary(attachment=True, readonly=True)
    page_count = fields.Integer("Pages", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_by_step()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - {"is_included"}:
            self._check_by_step()
        elif not is_unsealed(self.env):
            self.pack_id._check_state("draft")
        return super().write(vals)

    @api.model
    def _check_by_step(self):
        if not is_unsealed(self.env):
            raise UserError(
                self.env._("What an annual report is made of is fixed. Choose which parts are in the book.")
            )

    @api.model
    def _get_model(self, key):
        return self.env["kmp.statutory"]._get_model(key)

    def _check(self):
        """Bring status and remark up to date."""
        for part in self:
            missing, remarks = part._get_remarks()
            status = "missing" if missing else "attention" if remarks else "ready"
            part.write({"status": status, "remark": "\n".join(remarks)})

    def _get_remarks(self):
        """(whether there is nothing to print, what is to be looked at)."""
        if self.key == SHU:
            return self._get_run_remarks()
        pack = self.pack_id
        try:
            document = self._get_document()
        except UserError as error:
            return True, [error.args[0]]
        # That the year is not locked is said once, of the whole report.
        said = self._get_model(self.key)._get_notices(pack.company_id, pack.date_to)
        remarks = [notice for notice in document.notices if notice not in said]
        remarks += self._get_text_remarks()
        remarks += self._get_check_remarks(document.checks)
        if pack.date_to >= fields.Date.context_today(self):
            remarks.append(self.env._("The fiscal year is not over."))
        if self.key == "attendance" and not document.tables[0].rows:
            remarks.append(self.env._("The register has no member."))
        return False, remarks

    def _get_run_remarks(self):
        run = self.pack_id._get_run()
        if not run:
            return True, [self.env._("No surplus of the year is computed: the list of shares is left out.")]
        remarks = (
            [self.env._("%s is computed and not approved.", run.name)] if run.state == "computed" else []
        )
        [document] = self.env["report.kmp_reports.shu_distribution"]._get_documents(run)
        return False, [*remarks, *self._get_check_remarks(document.checks)]

    def _get_check_remarks(self, checks):
        return [
            self.env._(
                "%(check)s: a difference of %(difference)s.", check=check.name, difference=check.difference
            )
            for check in checks
            if check.difference
        ]

    def _get_text_remarks(self):
        if self.key not in dict(self.env["kmp.report.text"]._fields["document"].selection):
            return []
        texts = self.env["kmp.report.text"]._get_texts(
            self.pack_id.company_id, self.pack_id.date_to, self.key
        )
        if not texts:
            return [self.env._("It has no text. Press Edit Texts in the document.")]
        if texts[0].company_id:
            unwritten = texts.filtered(lambda text: TO_WRITE in (text.body or ""))
            return (
                [self.env._("To be written: %s.", ", ".join(unwritten.mapped("name")))] if unwritten else []
            )
        if self.key in ("officers", "supervisors", "plan"):
            return [self.env._("The texts are still the defaults. Press Edit Texts in the document.")]
        return []

    def _get_document(self):
        """The `Document` of this part."""
        pack = self.pack_id
        return self._get_model(self.key)._get_document(pack.company_id, pack.date_from, pack.date_to)

    def action_open(self):
        """Open what this part is made of."""
        self.ensure_one()
        self.check_access("read")
        if self.key == SHU:
            action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_run_action")
            return action | {"domain": [("company_id", "=", self.company_id.id)]}
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kmp.statutory.wizard",
            "view_mode": "form",
            "context": {
                "default_document": self.key,
                "default_date_to": self.pack_id.date_to,
                "default_company_id": self.company_id.id,
            },
        }
