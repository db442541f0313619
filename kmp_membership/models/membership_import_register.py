from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc
from odoo.tools.misc import split_every

from ..tools import unsealed
from .background import OthersAtWorkError
from .membership import OFFICER
from .membership_import_apply import BATCH_ROWS, QUIET

# Entries posted together.
BATCH_MOVES = 5


class MembershipImport(models.Model):
    """The last transaction of an import: all members are registered and all entries posted, or none."""

    _inherit = "kmp.membership.import"

    def _finish(self):
        """:raise OthersAtWorkError: another worker is at the last batch
        :raise UserError: something came in the way since the check; names the line
        """
        if self._has_batches():
            raise OthersAtWorkError
        if obstacles := self._list_obstacles():
            raise UserError("\n".join(obstacles))
        self._register_members()
        self._post_entries()
        self._check_complete()
        self._message_log(body=self.env._("Members imported: %s", self.member_count))
        unsealed(self).state = "done"
        self._keep_rows([])
        return 1

    def _reopen(self):
        """After undoing: the file may be mended and checked again."""
        self._message_log(body=self.env._("Everything that the import had made is deleted again."))
        unsealed(self).state = "draft"
        self._keep_rows([])
        return 1

    def _register_members(self):
        """Members and their class periods, and their contacts in use: one statement each, whatever their number."""
        self.env.flush_all()
        member_ids = [member_id for (member_id,) in self.env.execute_query(self._get_members_statement())]
        for statement in (self._get_periods_statement(), self._get_contacts_statement()):
            self.env.execute_query(statement)
        self.env.invalidate_all()
        for part in split_every(BATCH_ROWS, member_ids):
            self._complete(self.env["kmp.membership"].browse(part))

    def _get_members_statement(self):
        columns = self._get_member_columns()
        return SQL(
            """
            INSERT INTO kmp_membership (%(names)s)
            SELECT %(values)s FROM kmp_membership_import_row r
              JOIN kmp_stakeholder_class c ON c.company_id = %(company)s AND c.code = r.values->>'class'
             WHERE r.import_id = %(import)s ORDER BY r.line RETURNING id
            """,
            names=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(columns.values()),
            **{"company": self.company_id.id, "import": self.id},
        )

    def _get_member_columns(self):
        """{column: SQL} of a member: what the row says, and Odoo's own defaults for what it does not."""
        text = {
            name: SQL("r.values->>%s", name)
            for name in ("number", "national_id", "birth_place", "sex", "occupation")
        }
        days = {name: SQL("(r.values->>%s)::date", name) for name in ("date_start", "date_end", "birth_date")}
        return (
            self._get_default_columns()
            | text
            | days
            | {
                "company_id": SQL("%s", self.company_id.id),
                "partner_id": SQL("r.partner_id"),
                "import_id": SQL("r.import_id"),
                "class_id": SQL("c.id"),
                "state": SQL("CASE WHEN r.values->>'date_end' IS NULL THEN 'active' ELSE 'left' END"),
                "is_member": SQL("r.values->>'date_end' IS NULL"),
                "left_reason": SQL("r.values->>'left_reason'"),
                "member_kind": SQL("COALESCE(r.values->>'member_kind', 'person')"),
                "date_application": SQL("(r.values->>'date_start')::date"),
                **self._get_log_columns(),
            }
        )

    def _get_default_columns(self):
        members = self.env["kmp.membership"]
        defaults = members._add_missing_default_values({})
        return {
            name: SQL("%s", members._fields[name].convert_to_column_insert(value, members))
            for name, value in defaults.items()
            if members._fields[name].store and members._fields[name].column_type
        }

    def _get_log_columns(self):
        now, user = SQL("%s", fields.Datetime.now()), SQL("%s", self.env.uid)
        return {"create_uid": user, "create_date": now, "write_uid": user, "write_date": now}

    def _get_periods_statement(self):
        log = self._get_log_columns()
        return SQL(
            """
            INSERT INTO kmp_membership_period (membership_id, company_id, class_id, date_from, date_to, %(log_names)s)
            SELECT id, company_id, class_id, date_start, date_end, %(log)s FROM kmp_membership WHERE import_id = %(import)s RETURNING id
            """,
            log_names=SQL(", ").join(map(SQL.identifier, log)),
            log=SQL(", ").join(log.values()),
            **{"import": self.id},
        )

    def _get_contacts_statement(self):
        return SQL(
            """UPDATE res_partner SET active = TRUE FROM kmp_membership_import_row r
                WHERE r.partner_id = res_partner.id AND r.import_id = %s RETURNING res_partner.id""",
            self.id,
        )

    def _complete(self, members):
        """Let Odoo compute what others store on a member, and check every rule that holds for one."""
        known = self._get_member_columns()
        for name, field in members._fields.items():
            if field.compute and field.store and name not in known:
                self.env.add_to_compute(field, members)
        members._validate_fields(known)
        members.period_ids._validate_fields(("membership_id", "class_id", "date_from", "date_to"))
        self.env.flush_all()
        self.env.invalidate_all()

    def _post_entries(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT move_id FROM kmp_membership_import_row WHERE import_id = %s AND move_id IS NOT NULL ORDER BY 1",
                self.id,
            )
        )
        for part in split_every(BATCH_MOVES, [move_id for (move_id,) in rows]):
            with disabling_gc():
                # sudo: as for deposits, an officer enters share capital without any other right in accounting
                self.env["account.move"].sudo().with_context(**QUIET).browse(part)._post(soft=False)
                self.env.flush_all()
                self.env.invalidate_all()

    def _check_complete(self):
        """Nobody may have changed a contact or a draft of this import meanwhile."""
        members, capital, expected = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT COUNT(*) FROM kmp_membership WHERE import_id = %(import)s),
                       (SELECT COALESCE(-SUM(aml.balance), 0) FROM account_move_line aml
                         WHERE aml.parent_state = 'posted' AND aml.account_id <> %(account)s AND aml.move_id IN
                               (SELECT move_id FROM kmp_membership_import_row WHERE import_id = %(import)s)),
                       (SELECT COALESCE(SUM(item.value::numeric), 0) FROM kmp_membership_import_row r, jsonb_each_text(r.capital) item
                         WHERE r.import_id = %(import)s)
                """,
                **{"import": self.id, "account": self.account_id.id or 0},
            )
        )[0]
        if members != self.member_count or capital != expected:
            raise UserError(
                self.env._(
                    "%(file)s: contacts or draft entries that the import had made were changed or deleted meanwhile. Import it again.",
                    file=self.name,
                )
            )


class Membership(models.Model):
    _inherit = "kmp.membership"

    import_id = fields.Many2one(
        "kmp.membership.import",
        "Imported With",
        groups=OFFICER,
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_import(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_import(vals)
        return super().write(vals)

    def _check_import(self, vals):
        """An import counts the members that it made: nobody adds one by hand."""
        if "import_id" in vals:
            raise UserError(self.env._("Which import a member came with is written by the import alone."))
