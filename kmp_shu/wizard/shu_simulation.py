from odoo import api, fields, models
from odoo.exceptions import UserError

SECTIONS = [("line", "Lines"), ("class", "Stakeholder classes"), ("quantile", "Members by tenths")]


class ShuSimulation(models.TransientModel):
    """The same year by two or more schemes, side by side, before the meeting decides.

    Drafts can be compared, too. Nothing is kept but the figures that are shown; how they are made
    stands in `shu_simulation_compute.py`.
    """

    _name = "kmp.shu.simulation"
    _description = "Comparison of schemes"
    _check_company_auto = True
    _transient_max_hours = 8

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "Year From", required=True, default=lambda self: self.env["kmp.shu.run"]._default_year()["date_from"]
    )
    date_to = fields.Date(
        "Year To", required=True, default=lambda self: self.env["kmp.shu.run"]._default_year()["date_to"]
    )
    scheme_id = fields.Many2one("kmp.shu.scheme", required=True, check_company=True, ondelete="cascade")
    other_scheme_ids = fields.Many2many("kmp.shu.scheme", string="Compared With", check_company=True)
    conditions_met = fields.Boolean("Suppose That All Conditions Are Met", default=True)
    surplus = fields.Monetary(readonly=True)
    line_ids = fields.One2many("kmp.shu.simulation.line", "simulation_id", readonly=True)
    tables = fields.Html(compute="_compute_tables", sanitize=False)

    @api.depends("line_ids")
    def _compute_tables(self):
        for simulation in self:
            simulation.tables = simulation.line_ids and self.env["ir.qweb"]._render(
                "kmp_shu.simulation_tables", simulation._prepare_tables_values()
            )

    def action_compare(self):
        """Compute the year by each scheme and show it. Raises UserError, naming the scheme, for what
        keeps one from being computed."""
        self.ensure_one()
        self.check_access("write")
        self._get_schemes().check_access("read")
        self._check_schemes()
        self.line_ids.unlink()
        self.env["kmp.shu.simulation.line"].create(self._compute_line_vals())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare schemes"),
            "res_model": self._name,
            "view_mode": "form",
            "res_id": self.id,
        }

    def action_open_graph(self):
        """The amounts by scheme as a graph or a pivot table."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_simulation_line_action")
        return {**action, "domain": [("simulation_id", "=", self.id)]}

    @api.depends("scheme_id")
    def _compute_display_name(self):
        for simulation in self:
            simulation.display_name = self.env._("Comparison of schemes")

    def _get_schemes(self):
        """All of them, the one that the others are compared with first."""
        return self.scheme_id + (self.other_scheme_ids - self.scheme_id)

    def _check_schemes(self):
        if len(self._get_schemes()) < 2:
            raise UserError(
                self.env._("Choose another scheme to compare %(scheme)s with.", scheme=self.scheme_id.name)
            )
        for scheme in self._get_schemes().filtered("problems"):
            raise UserError(
                self.env._(
                    "%(scheme)s cannot be compared yet:\n%(problems)s",
                    scheme=scheme.name,
                    problems=scheme.problems,
                )
            )

    def _prepare_tables_values(self):
        titles = dict(self.env["kmp.shu.simulation.line"]._fields["section"]._description_selection(self.env))
        schemes = self._get_schemes()
        return {
            "schemes": schemes.mapped("name"),
            "sections": [
                (titles[section], self._prepare_rows(section, schemes)) for section, _title in SECTIONS
            ],
        }

    def _prepare_rows(self, section, schemes):
        """Per label the amount by each scheme, and what it is more or less than by the first."""
        lines = self.line_ids.filtered(lambda line: line.section == section)
        rows = {}
        for line in lines:
            rows.setdefault((line.sequence, line.label, line.count), {})[line.scheme_id] = line.amount
        return [
            {
                "label": label,
                "count": count,
                "cells": [
                    self._prepare_cell(amounts.get(scheme), amounts.get(schemes[:1])) for scheme in schemes
                ],
            }
            for (_sequence, label, count), amounts in sorted(rows.items())
        ]

    def _prepare_cell(self, amount, first):
        """Amounts of the table are for looking at: what is paid comes from a distribution alone."""
        difference = (amount or 0) - (first or 0)
        sign = "+" if difference > 0 else ""
        return {
            "amount": "—" if amount is None else self.currency_id.format(amount),
            "difference": difference,
            "text": f"{sign}{self.currency_id.format(difference)}",
        }


class ShuSimulationLine(models.TransientModel):
    """An amount of a comparison: what a line, a class or a tenth of the members gets by a scheme."""

    _name = "kmp.shu.simulation.line"
    _description = "Amount of a comparison of schemes"
    _order = "simulation_id, section, sequence, id"
    _transient_max_hours = 8

    simulation_id = fields.Many2one("kmp.shu.simulation", required=True, ondelete="cascade", index=True)
    scheme_id = fields.Many2one("kmp.shu.scheme", required=True, ondelete="cascade")
    section = fields.Selection(SECTIONS, required=True)
    sequence = fields.Integer()
    label = fields.Char(required=True)
    count = fields.Integer("Members")
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    amount = fields.Monetary()
