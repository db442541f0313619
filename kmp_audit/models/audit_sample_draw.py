from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from ..engine.sample import offset
from ..sql import sample as queries


class Stratum(NamedTuple):
    """What there is to draw from: units without the key items, entries and their value with them."""

    name: str
    units: int
    entries: int
    value: Decimal


class KmpAuditSample(models.Model):
    """Drawing: one pass over the items of the year, whatever their number."""

    _inherit = "kmp.audit.sample"

    def action_draw(self):
        """Draw the entries. Raises UserError where there is nothing to draw from."""
        self.ensure_one()
        self.audit_id._check_may_work()
        self._check_draft()
        self.check_access("write")
        self.env.flush_all()
        strata = self._read_strata()
        self._insert_lines(strata)
        unsealed(self).write({"state": "drawn", "drawn_on": fields.Datetime.now()})
        self._keep_population(strata)

    def _read_strata(self):
        for query in queries.keep(self):
            self.env.cr.execute(query)
        strata = [
            Stratum(name, int(units), entries, Decimal(value))
            for name, units, entries, value in self.env.execute_query(queries.strata())
        ]
        if not strata:
            raise UserError(
                self.env._(
                    "%(audit)s: its year has no posted entries to draw from.", audit=self.audit_id.name
                )
            )
        return strata

    def _insert_lines(self, strata):
        offsets = [
            (name, units, offset(self.seed, name, units) if units else 0)
            for name, units, _entries, _value in strata
        ]
        self.env.cr.execute(queries.insert(self, offsets))
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._(
                    "%(sample)s draws nothing: the entries of the year are worth nothing.", sample=self.name
                )
            )
        self.env["kmp.audit.sample.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _keep_population(self, strata):
        """By SQL: the ORM would make a float of the value."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE kmp_audit_sample SET population = %s, population_value = %s WHERE id = %s",
                sum(stratum.entries for stratum in strata),
                sum(stratum.value for stratum in strata),
                self.id,
            )
        )
        self.invalidate_recordset(["population", "population_value"])

    def action_open_lines(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_audit.audit_sample_line_action")
        return {**action, "domain": [("sample_id", "=", self.id)]}

    def action_working_list(self):
        """The working list as a workbook."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "drawn":
            raise UserError(self.env._("%(sample)s is not drawn yet.", sample=self.name))
        return self.env.ref("kmp_audit.sample_xlsx_report").report_action(self)
