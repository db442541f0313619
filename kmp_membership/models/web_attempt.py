import hashlib
import hmac
import ipaddress
import sys
from datetime import timedelta

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL, mute_logger

# How many requests may count at the same instant before one of them is sent away.
TRIES = 8
KEPT_HOURS = 24
# The holder of an IPv6 network has as many addresses as he likes.
IPV6_PREFIX = 64


class WebAttempt(models.Model):
    """How often a public form was sent within an hour, per internet address and in all.

    Kept in the database, so that it holds for all workers, and counted in a transaction of its own: an attempt counts whatever becomes
    of it. Of the address only a keyed hash is stored, for a day.
    """

    _name = "kmp.web.attempt"
    _description = "Attempts on a Public Form"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    hour = fields.Datetime(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)

    _once_per_hour = models.Constraint("UNIQUE (key, hour)", "One counter per key and hour.")

    @api.model
    def _is_allowed(self, form, address, per_address, in_all):
        """Count an attempt and say whether it is within both limits. What one address sends beyond its limit does not use up that of all."""
        limits = {self._get_key(form, address): per_address, form: in_all}
        return all(self._count(key) <= limit for key, limit in limits.items())

    @api.model
    def _get_key(self, form, address):
        """The form and a hash of the address, which nobody can undo without the secret of the database."""
        # sudo: the secret stays here
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return (
            f"{form} {hmac.new(secret.encode(), _get_network(address).encode(), hashlib.sha256).hexdigest()}"
        )

    @api.model
    def _count(self, key):
        """Add one to the counter of this hour, and return it; beyond any limit where too many count at once."""
        hour = fields.Datetime.now().replace(minute=0, second=0)
        for _try in range(TRIES):
            try:
                with mute_logger("odoo.sql_db"), self.env.registry.cursor() as cr:
                    cr.execute(
                        SQL(
                            """
                            INSERT INTO kmp_web_attempt AS attempt (key, hour, count) VALUES (%s, %s, 1)
                            ON CONFLICT (key, hour) DO UPDATE SET count = attempt.count + 1
                            RETURNING count
                            """,
                            key,
                            hour,
                        )
                    )
                    return cr.fetchone()[0]
            except (SerializationFailure, UniqueViolation):
                continue
        return sys.maxsize

    @api.autovacuum
    def _gc_attempts(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM kmp_web_attempt WHERE hour < %s",
                fields.Datetime.now() - timedelta(hours=KEPT_HOURS),
            )
        )


def _get_network(address):
    """An address as it is counted.

    >>> _get_network("203.0.113.7"), _get_network("2001:db8:1:2:3:4:5:6"), _get_network("somewhere")
    ('203.0.113.7', '2001:db8:1:2::/64', 'somewhere')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address or ""
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)
