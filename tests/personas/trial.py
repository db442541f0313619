"""What each cell of the table says, tried. Every `_try_` method returns the cell as it really is."""

import contextlib
import inspect
import threading
from unittest.mock import patch
from urllib.parse import parse_qsl

from psycopg2 import IntegrityError

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tools import mute_logger

from .cooperative import PersonaCase
from .table import NOTHING, is_listed

YES = "yes"
PLAIN_TYPES = ("boolean", "char", "text", "selection", "integer", "float", "monetary", "date", "many2one")
# Fields of Odoo's own that tell about a person what not everybody needs.
PERSONAL_FIELDS = ("res.partner.phone", "res.partner.bank.acc_number")
REFUSING_STATUS = (401, 403, 404)
REFUSING_ERRORS = ("AccessDenied", "AccessError", "NotFound", "SessionExpiredException")


def _get_addon(module):
    """
    >>> _get_addon("odoo.addons.kmp_shu.models.shu_run"), _get_addon("odoo.orm.models")
    ('kmp_shu', '')
    """
    return module.removeprefix("odoo.addons.").split(".")[0] if module.startswith("odoo.addons.") else ""


class TrialCase(PersonaCase):
    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def _may(self, attempt):
        """Whether nothing but the state of the record stands against the attempt, which is undone."""
        with contextlib.closing(self.env.cr.savepoint()):
            try:
                attempt()
                self.env.flush_all()
            except AccessError:
                return False
            except (UserError, IntegrityError):
                return True
        return True

    def _get_record(self, model):
        """The one that company 1 has; a LookupError when it has none, for then nothing would be tried."""
        if len(self.records[model]) != 1:
            raise LookupError(model)
        return self.records[model]

    # ---------------------------------------------------------------- models and fields

    def _try_model(self, model, persona):
        """`rwcd`: read, write, create and delete."""
        if self.env[model]._transient:
            return self._try_wizard(model, persona)
        records = self._get_record(model)
        attempts = {
            "r": lambda: self._as(records, persona).read(self._get_columns(records)),
            "w": lambda: self._write(self._as(records, persona), self._get_same_vals(records)),
            # what Odoo itself asks of a record that has just been created
            "c": lambda: self._as(records, persona).check_access("create"),
            "d": lambda: self._as(records, persona).unlink(),
        }
        return self._join(attempts)

    def _try_wizard(self, model, persona):
        """A wizard is only there for who creates it."""

        def wizard():
            return self._create_wizard(model, persona).with_context(active_test=False)

        attempts = {
            "r": lambda: wizard().read(["display_name"]),
            "w": lambda: wizard().write({"create_uid": self.users[persona].id}),
            "c": wizard,
            "d": lambda: wizard().unlink(),
        }
        return self._join(attempts)

    def _join(self, attempts):
        return "".join(letter for letter, attempt in attempts.items() if self._may(attempt)) or NOTHING

    def _write(self, records, vals):
        """The rights come first: a record may refuse for its state before Odoo asks who writes."""
        records.check_access("write")
        records.write(vals)

    def _write_field(self, records, field, vals):
        records._check_field_access(field, "write")
        self._write(records, vals)

    def _get_columns(self, records):
        """The fields of a record's own that nobody is kept from."""
        return [
            name
            for name, field in records._fields.items()
            if field.type in PLAIN_TYPES and field.store and not field.groups
        ]

    def _get_same_vals(self, records):
        """Something to write that changes nothing."""
        entered = (
            records._fields[name]
            for name in self._get_columns(records)
            if name not in MAGIC_COLUMNS
            and not (records._fields[name].compute or records._fields[name].related)
        )
        return self._get_same(records, next(entered))

    def _get_same(self, records, field):
        value = records[field.name]
        return {field.name: value.id if field.type == "many2one" else value}

    def _get_guarded_fields(self):
        """Fields of the addons that not everybody may see who sees the record, and Odoo's personal ones."""
        guarded = {
            f"{model}.{name}"
            for model, records in self.env.registry.items()
            if not records._abstract
            for name, field in records._fields.items()
            if field.groups and not field.inherited and any(map(is_listed, field._modules))
        }
        return sorted(guarded.union(PERSONAL_FIELDS))

    def _try_field(self, name, persona):
        """`rw`: read and write."""
        model, name = name.rsplit(".", 1)
        field = self.env[model]._fields[name]
        if self.env[model]._transient:
            records = self._create_wizard(model, persona) if self._may_create(model, persona) else None
        else:
            records = self._get_record(model)
        if not records:
            return NOTHING
        attempts = {"r": lambda: self._as(records, persona).read([name])}
        if field.store and field.type in PLAIN_TYPES:
            vals = self._get_same(records.sudo(), field)
            attempts["w"] = lambda: self._write_field(self._as(records, persona), field, vals)
        return self._join(attempts)

    def _may_create(self, model, persona):
        return self._may(lambda: self._create_wizard(model, persona))

    # ---------------------------------------------------------------- methods

    def _get_methods(self):
        """What the addons let be called from outside: public methods that no class of Odoo's has."""
        return sorted(
            f"{model}.{name}"
            for model, records in self.env.registry.items()
            if not records._abstract
            for name in dir(records)
            if not name.startswith("_") and self._is_our_method(records, name)
        )

    def _is_our_method(self, records, name):
        owners = [owner for owner in records.__mro__ if name in owner.__dict__]
        return inspect.isfunction(getattr(records, name)) and all(
            is_listed(_get_addon(owner.__module__)) for owner in owners
        )

    def _try_method(self, name, persona):
        model, name = name.rsplit(".", 1)

        def call():
            if self.env[model]._transient:
                wizard = self._create_wizard(model, persona)
                self.env.flush_all()
                getattr(self._as(wizard, persona), name)()
            else:
                getattr(self._as(self._get_record(model), persona), name)()

        return YES if self._may(call) else NOTHING

    # ---------------------------------------------------------------- reports

    def _get_reports(self):
        """The printed documents and workbooks of the addons, by their external id."""
        reports = self.env["ir.actions.report"].search([])
        names = reports.get_external_id().values()
        return sorted(name for name in names if is_listed(name.split(".")[0]))

    def _try_report(self, name, persona):
        """Asked for as the web client does: with the ids of records, whoever made them."""
        report = self.env.ref(name)

        def render():
            if not self.env[report.model]._transient:
                records = self._get_record(report.model)
            else:
                records = self._create_wizard(report.model, persona)
                document = report.report_name.split(".")[1].removesuffix("_xlsx")
                kinds = records._fields.get("document")
                if kinds and document in dict(kinds.selection):
                    records.write({"document": document, "date": "2025-12-31"})
                self.env.flush_all()
            printer = self._as(self.env["ir.actions.report"], persona)
            printer._render(report.report_name, records.ids, {"report_type": report.report_type})

        return YES if self._may(render) else NOTHING

    # ---------------------------------------------------------------- addresses

    def _get_routes(self):
        """The rules of the addons' own controllers, and all rules by which an address is found."""
        with patch.object(threading.current_thread(), "dbname", self.env.cr.dbname, create=True):
            routing_map = self.env["ir.http"].routing_map()
        ours = [
            rule for rule in routing_map.iter_rules() if is_listed(_get_addon(rule.endpoint.func.__module__))
        ]
        return ours, routing_map

    def _get_url(self, address):
        """`/web/content/{kmp_membership}/document` with the id of what belongs to company 1."""
        return address.format_map(
            {model.replace(".", "_"): record.id for model, record in self.records.items()}
        )

    def _try_route(self, address, persona):
        """`POST:/address?field=value` is sent as a form, with the token that our pages put into theirs; `JSON:/address` as a program."""
        method, url = self._split_address(address)
        if address.startswith("JSON:"):
            return NOTHING if self._is_refused_as_json(self._get_url(url)) else YES
        url, _mark, fields = self._get_url(url).partition("?")
        data = None
        if method == "POST":
            data = dict(parse_qsl(fields)) | {"csrf_token": http.Request.csrf_token(self)}
        response = self.url_open(url, data=data, allow_redirects=False)
        self.assertLess(response.status_code, 500, address)
        return NOTHING if self._is_refused(response) else YES

    def _split_address(self, address):
        """(method, address) of a line of the table."""
        kind, mark, url = address.partition(":/")
        return ("POST", f"/{url}") if mark and kind in ("POST", "JSON") else ("GET", address)

    def _is_refused_as_json(self, url):
        """Answers other than those to who may not are about what was sent, which is nothing here."""
        answer = self.url_open(url, json={"params": {"access_token": "x"}}).json()
        name = answer.get("error", {}).get("data", {}).get("name", "")
        return name.rsplit(".", 1)[-1] in REFUSING_ERRORS

    def _is_refused(self, response):
        asks_to_sign_in = "/web/login" in response.headers.get("Location", "")
        return response.status_code in REFUSING_STATUS or asks_to_sign_in
