from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import KEY_CHECK, in_indonesian, is_key


class StakeholderClass(models.Model):
    """A group of members with a common economic interest (Kelompok Pihak Anggota, Permenkop UKM 8/2021).

    A multi-stakeholder co-op has at least two. Rights and duties of a class are set by the by-laws.
    """

    _name = "kmp.stakeholder.class"
    _description = "Stakeholder Class"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(
        required=True,
        help="Short and stable: it is printed on every list and stands in the hash of a surplus run.",
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        [
            ("producer", "Producer"),
            ("consumer", "Consumer"),
            ("worker", "Worker"),
            ("investor", "Investor"),
            ("founder", "Founder"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    bylaws_id = fields.Many2one("kmp.bylaws", "By-laws", check_company=True, ondelete="restrict")
    color = fields.Integer()
    active = fields.Boolean(default=True)
    vote_weight = fields.Float(
        "Votes (%)",
        digits=(9, 6),
        help="The weight of the class in the plenary, where the by-laws give classes a weight. Inside the class each member has one "
        "vote (UU 25/1992 art. 24).",
    )
    admits_persons = fields.Boolean("Persons", default=True)
    admits_cooperatives = fields.Boolean("Co-operatives", default=True)
    admits_companies = fields.Boolean("Companies", default=True)
    minimum_members = fields.Integer("Minimum Number of Members")
    maximum_officers = fields.Integer(
        "Seats among Officers", help="How many officers the class may have at a time. Zero: no limit."
    )
    is_open = fields.Boolean(
        "Open to Applications", default=True, help="Strangers may apply for this class on the public page."
    )
    term_ids = fields.One2many("kmp.share.term", "class_id", "Share Terms")
    member_count = fields.Integer("Members", compute="_compute_member_count")
    is_below_minimum = fields.Boolean("Too Few Members", compute="_compute_member_count")

    _unique_code = models.Constraint(
        "UNIQUE (company_id, code)", "Another class of this company has the same code."
    )
    _limits_not_negative = models.Constraint(
        "CHECK (COALESCE(minimum_members, 0) >= 0 AND COALESCE(maximum_officers, 0) >= 0 "
        "AND COALESCE(vote_weight, 0) BETWEEN 0 AND 100)",
        "Limits are zero or more, and votes are at most 100%.",
    )
    _code_is_key = models.Constraint(
        KEY_CHECK % ("code", "code"), "The code of a class holds no TAB, line break or backslash."
    )

    def _compute_member_count(self):
        counts = dict(
            self.env["kmp.membership"]._read_group(
                [("class_id", "in", self.ids), ("is_member", "=", True)], ["class_id"], ["__count"]
            )
        )
        for stakeholder_class in self:
            stakeholder_class.member_count = counts.get(stakeholder_class, 0)
            stakeholder_class.is_below_minimum = (
                stakeholder_class.member_count < stakeholder_class.minimum_members
            )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for stakeholder_class in self:
            stakeholder_class.display_name = " ".join(
                filter(None, (stakeholder_class.code, stakeholder_class.name))
            )

    @api.constrains("code")
    def _check_code(self):
        for stakeholder_class in self:
            if not is_key(stakeholder_class.code):
                raise ValidationError(
                    self.env._(
                        "Class %(name)s: the code %(code)r cannot be used. Give up to 32 visible characters, without a backslash "
                        "and without spaces around them.",
                        name=stakeholder_class.name,
                        code=stakeholder_class.code,
                    )
                )

    def _get_indonesian_name(self):
        """For statutory documents; empty for no class."""
        return in_indonesian(self).name or ""

    def _admits(self, member_kind):
        self.ensure_one()
        return self[
            {"person": "admits_persons", "cooperative": "admits_cooperatives", "company": "admits_companies"}[
                member_kind
            ]
        ]

    def action_open_members(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.membership_action")
        return action | {
            "display_name": self.display_name,
            "domain": [("class_id", "=", self.id)],
            "context": {"search_default_members": 1, "default_applied_class_id": self.id},
        }
