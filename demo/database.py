"""A new database from the cached template, and Odoo on it in this process."""

import gc
import subprocess
from contextlib import contextmanager
from pathlib import Path

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

NEWDB = Path(__file__).parents[1] / "bin" / "newdb"


def recreate(name):
    """Replace the database by a copy of the template in which all addons are installed."""
    subprocess.run([NEWDB, name], check=True, stderr=subprocess.DEVNULL)  # noqa: S603  # our own script


def configure(name):
    """Read Odoo's configuration; only warnings and errors are logged."""
    config.parse_config(["--database", name, "--no-http", "--log-handler=:WARNING"], setup_logging=True)


def start(name):
    """Load the addons; sessions then use what is loaded."""
    Registry(name)
    # It all stays: without this the garbage collector looks at it again and again, for a fifth
    # of the time that entries take.
    gc.collect()
    gc.freeze()


class Session:
    """One connection to the database, on which users act in turn."""

    def __init__(self, cr):
        self.cr = cr

    def as_user(self, login):
        """The environment of a user, with the user's rights and no more."""
        self.cr.execute("SELECT id, company_id FROM res_users WHERE login = %s", [login])
        uid, company_id = self.cr.fetchone()
        return api.Environment(self.cr, uid, {"allowed_company_ids": [company_id], "lang": "en_US"})

    def commit(self):
        self.cr.commit()


@contextmanager
def session(name):
    with Registry(name).cursor() as cr:
        yield Session(cr)
