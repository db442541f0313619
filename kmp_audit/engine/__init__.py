"""What the auditor does at home: plain Python, without Odoo and without any package.

``ledger`` reads the ledger of the year and its control totals, ``sample`` draws a sample of its entries, ``bundle`` checks all that was
taken home, and ``verify`` is the command. ``kmp_audit/sql`` is the twin that Odoo runs inside PostgreSQL.
"""
