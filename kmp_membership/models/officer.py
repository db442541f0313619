from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# UU 25/1992 art. 29 par. 4: officers serve at most five years a term.
LONGEST_TERM_YEARS = 5


class Officer(models.Model):
    """Who holds which post, and how long: the register of officers (Buku Daftar Pengurus and Pengawas, UU 25/1992 art. 30)."""

    _name = "kmp.officer"
    _description = "Officer"
    _inherit = ["mail.thread"]
    _order = "body, sequence, date_from desc, id"
    _rec_name = "membership_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    membership_id = fields.Many2one(
        "kmp.membership",
        "Member",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        tracking=True,
    )
    class_id = fields.Many2one(
        "kmp.stakeholder.class",
        compute="_compute_class_id",
        store=True,
        ondelete="restrict",
        index=True,
    )
    avatar_128 = fields.Image(related="membership_id.avatar_128")
    body = fields.Selection(
        [("board", "Board (pengurus)"), ("supervisors", "Supervisors (pengawas)")],
        required=True,
        default="board",
        tracking=True,
    )
    post = fields.Selection(
        [
            ("chair", "Chair"),
            ("vice_chair", "Vice Chair"),
            ("secretary", "Secretary"),
            ("treasurer", "Treasurer"),
            ("member", "Member"),
        ],
        required=True,
        default="member",
        tracking=True,
    )
    sequence = fields.Integer(default=10)
    date_from = fields.Date("Since", required=True, tracking=True)
    date_to = fields.Date(
        "Until",
        required=True,
        tracking=True,
        help="The last day of the term, or the day on which it was ended.",
    )
    resolution = fields.Char("Resolution Number", tracking=True)
    is_contact = fields.Boolean(
        "Members See Phone and E-mail",
        help="The portal shows the members this officer's phone and e-mail, not only the name and the post.",
    )
    is_term_too_long = fields.Boolean("Term Too Long", compute="_compute_is_term_too_long", store=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A term ends on the day it begins, or later."
    )

    @api.depends("membership_id", "date_from")
    def _compute_class_id(self):
        """The class of the member on the first day of the term."""
        for officer in self:
            periods = officer.membership_id.period_ids.filtered(
                lambda period, day=officer.date_from: (
                    day and period.date_from <= day and (not period.date_to or period.date_to >= day)
                )
            )
            officer.class_id = periods.class_id or officer.membership_id.class_id

    @api.depends("date_from", "date_to")
    def _compute_is_term_too_long(self):
        for officer in self:
            officer.is_term_too_long = bool(
                officer.date_from
                and officer.date_to
                and officer.date_to >= officer.date_from + relativedelta(years=LONGEST_TERM_YEARS)
            )

    @api.constrains("membership_id", "company_id")
    def _check_is_member(self):
        for officer in self:
            if not officer.membership_id.is_member:
                raise ValidationError(
                    self.env._(
                        "%(name)s is not a member and cannot be an officer.",
                        name=officer.membership_id.display_name,
                    )
                )

    @api.constrains("membership_id", "body", "date_from", "date_to")
    def _check_one_post(self):
        """Nobody holds two posts at a time, and nobody supervises the board on which he sits."""
        for officer in self:
            other = self.search(
                Domain("membership_id", "=", officer.membership_id.id)
                & Domain("id", "!=", officer.id)
                & officer._get_overlap_domain(),
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(name)s already holds a post in that time (%(post)s, %(date_from)s – %(date_to)s).",
                        name=officer.membership_id.display_name,
                        post=dict(self._fields["post"]._description_selection(self.env))[other.post],
                        date_from=other.date_from,
                        date_to=other.date_to,
                    )
                )

    @api.constrains("class_id", "date_from", "date_to")
    def _check_seats(self):
        for officer in self:
            limit = officer.class_id.maximum_officers
            # Counted on the first day of every overlapping term: only there can the number rise.
            overlapping = (
                self.search(Domain("class_id", "=", officer.class_id.id) & officer._get_overlap_domain())
                if limit
                else self
            )
            for first_day in set(overlapping.mapped("date_from")):
                day = max(first_day, officer.date_from)
                seats = sum(other.date_from <= day <= other.date_to for other in overlapping)
                if limit and seats > limit:
                    raise ValidationError(
                        self.env._(
                            "The class %(class)s may have %(limit)s officers at a time; with %(name)s it would have %(seats)s on %(day)s.",
                            **{
                                "class": officer.class_id.display_name,
                                "limit": limit,
                                "name": officer.membership_id.display_name,
                                "seats": seats,
                                "day": day,
                            },
                        )
                    )

    def _get_overlap_domain(self):
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from)
        )

    @api.model
    def _get_in_office(self, company, day=None):
        """The officers of a company who are in office on a day, today by default."""
        day = day or fields.Date.context_today(self)
        return self.search(
            [("company_id", "=", company.id), ("date_from", "<=", day), ("date_to", ">=", day)]
        )

    def _get_holder_name(self, body, post):
        """Who of these officers holds the post, or nothing; of supervisors without a chair, the first."""
        holders = self.filtered(lambda officer: officer.body == body)
        holder = holders.filtered(lambda officer: officer.post == post)
        if not holder and body == "supervisors":
            holder = holders
        return holder[:1].membership_id.partner_id.name or ""

    def _prepare_portal_values(self):
        """What members see of an officer; phone and e-mail only where the officer agreed."""
        self.ensure_one()
        partner = self.membership_id.partner_id
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("body", "post")
        }
        return {
            "name": partner.name,
            **labels,
            "phone": (partner.phone or "") if self.is_contact else "",
            "email": (partner.email or "") if self.is_contact else "",
            "date_to": self.date_to,
        }
