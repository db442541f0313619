import base64
import io
import zipfile
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_meeting.models.meeting_annual import HELD
from odoo.addons.kmp_membership.models.membership import OFFICER

from ..simkopdes import FIELDS, to_csv, to_json

# Beyond this nobody reads a list; what is filled in makes room for the next ones.
PROBLEMS_LIMIT = 1_000


class SimkopdesExport(models.TransientModel):
    """Ask for the files of SIMKOPDES about a year, look what is missing in them, and make them.

    Members, with their national ids, are for officers only. What the rows hold stands in `simkopdes_export_rows.py`, what must be there
    in `simkopdes_export_check.py`. The meeting is that of the year where it was held here; one that was held on paper is entered.
    """

    _name = "kmp.simkopdes.export"
    _description = "Export for SIMKOPDES"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", compute="_compute_date_from", store=True, precompute=True)
    date_to = fields.Date(
        "Year Ending",
        required=True,
        default=lambda self: self._get_last_year_end(),
        help="The last day of the year.",
    )
    file_format = fields.Selection(
        [("json", "JSON, one file"), ("csv", "CSV, a file for each part")],
        "Format",
        required=True,
        default="json",
    )
    has_members = fields.Boolean(
        "Members (anggota)", default=True, groups=OFFICER, help="With the national ids: for officers only."
    )
    has_shares = fields.Boolean("Contributions (simpanan)", default=True)
    has_capital = fields.Boolean("Grants and Loans (modal)", default=True)
    has_meeting = fields.Boolean("Annual Meeting (rat)", default=True)
    meeting_id = fields.Many2one(
        "kmp.meeting", compute="_compute_meeting", store=True, precompute=True, ondelete="cascade"
    )
    meeting_order = fields.Integer(
        "Number of the Meeting", compute="_compute_meeting", store=True, readonly=False, precompute=True
    )
    meeting_date = fields.Date(
        "Held On", compute="_compute_meeting", store=True, readonly=False, precompute=True
    )
    meeting_participants = fields.Integer(
        "Participants", compute="_compute_meeting", store=True, readonly=False, precompute=True
    )
    meeting_state = fields.Selection(
        [("planned", "Planned"), ("held", "Held")],
        "Meeting Status",
        compute="_compute_meeting",
        store=True,
        readonly=False,
        precompute=True,
    )
    position_file = fields.Char(
        "Statement of Financial Position",
        default="laporan-posisi-keuangan.pdf",
        help="The file that is handed in with it.",
    )
    result_file = fields.Char("Statement of Surplus", default="laporan-hasil-usaha.pdf")
    position_budget_file = fields.Char("Budget of Financial Position", default="rapb-posisi-keuangan.pdf")
    result_budget_file = fields.Char("Budget of Surplus", default="rapb-hasil-usaha.pdf")
    is_checked = fields.Boolean(readonly=True)
    problem_count = fields.Integer("Records That Lack Something", readonly=True)
    problem_ids = fields.One2many("kmp.simkopdes.export.problem", "export_id", "Problems", readonly=True)
    file = fields.Binary(readonly=True, attachment=True)

    @api.model
    def _get_last_year_end(self):
        """The last day of the last fiscal year that is over."""
        today = fields.Date.context_today(self)
        return self.env.company.compute_fiscalyear_dates(today)["date_from"] - timedelta(days=1)

    @api.depends("company_id", "date_to")
    def _compute_date_from(self):
        for export in self:
            year = export.company_id.compute_fiscalyear_dates(export.date_to) if export.date_to else {}
            export.date_from = year.get("date_from")

    @api.depends("company_id", "date_to")
    def _compute_meeting(self):
        meetings = self.env["kmp.meeting"]
        for export in self:
            meeting = export.date_to and meetings._get_annual_meeting(export.company_id, export.date_to)
            export.meeting_id = meeting
            export.meeting_order = meeting and export._count_meetings()
            export.meeting_date = meeting and meeting._get_day()
            export.meeting_participants = meeting and meeting.present_count
            export.meeting_state = "held" if meeting and meeting.state in HELD else "planned"

    def _count_meetings(self):
        """The place of the meeting among those on the accounts of all years, as far as they are recorded here."""
        domain = [("company_id", "=", self.company_id.id), ("fiscal_year_end", "<=", self.date_to)]
        groups = self.env["kmp.meeting"]._read_group(
            [*domain, ("kind", "!=", "class"), ("state", "!=", "cancelled")], ["fiscal_year_end:year"]
        )
        return len(groups)

    def action_check(self):
        """List what is missing, one line per record."""
        self._check_may()
        problems = self._get_problems(self._get_parts())
        self.write(
            {
                "is_checked": True,
                "problem_count": len(problems),
                "problem_ids": [
                    Command.clear(),
                    *(Command.create(problem) for problem in problems[:PROBLEMS_LIMIT]),
                ],
            }
        )
        return self._reopen()

    def action_export(self):
        """Make the file and download it; where something is missing, list that instead."""
        self._check_may()
        parts = self._get_parts()
        if any(self._get_problems(parts)):
            return self.action_check()
        name, content = self._make_file(parts)
        self.file = base64.b64encode(content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=1",
            "target": "download",
        }

    def _check_may(self):
        """:raise AccessError: the user may not export, or not of that company"""
        self.ensure_one()
        self.check_access("write")
        self.env["kmp.coop.figures"]._check_readable(self.company_id, "kmp.funding")
        if not self._get_part_names():
            raise UserError(self.env._("Choose at least one part to export."))

    def _get_part_names(self):
        chosen = {"simpanan": self.has_shares, "modal": self.has_capital, "rat": self.has_meeting}
        if self.env.user.has_group(OFFICER):
            chosen["anggota"] = self.has_members
        return [part for part in FIELDS if chosen.get(part)]

    def _make_file(self, parts):
        """(name, bytes): the same year gives the same bytes."""
        name = f"simkopdes-{self.date_to.year}"
        rows = {part: [row.values for row in records] for part, records in parts.items()}
        if self.file_format == "json":
            return f"{name}.json", to_json(rows)
        files = {f"{part}.csv": to_csv(part, values) for part, values in rows.items()}
        if len(files) == 1:
            return next(iter(files.items()))
        return f"{name}.zip", self._zip(files)

    def _zip(self, files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export for SIMKOPDES"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_members(self):
        """The members who lack something, in a list where it can be filled in for several at once."""
        self._check_may()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative sees the data of members."))
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_registry.membership_data_action")
        ids = self.problem_ids.filtered(lambda problem: problem.res_model == "kmp.membership").mapped(
            "res_id"
        )
        return action | {"domain": [("id", "in", ids)]}


class SimkopdesExportProblem(models.TransientModel):
    """A record that cannot be exported as it is, and what it lacks."""

    _name = "kmp.simkopdes.export.problem"
    _description = "Missing for SIMKOPDES"

    export_id = fields.Many2one("kmp.simkopdes.export", required=True, readonly=True, ondelete="cascade")
    part = fields.Char(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record Id", model_field="res_model", readonly=True)
    name = fields.Char("Record", readonly=True)
    problem = fields.Char(readonly=True)

    def action_open(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
