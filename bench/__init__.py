"""How fast the addons are, at the sizes of the largest co-operatives: ``python -m bench [NAME...]``, or ``make bench``.

Each benchmark is a module that says what it measures (its docstring), at which sizes (``SMALL``, ``FULL``) and how (``run(lab, size)``).
It gets a process and a throw-away database of its own, builds its data, lets the product work as the least privileged user who may,
and where PostgreSQL alone could give the same answer, has it give it in the same run: the *floor*. Only here may rows be inserted into
the ledger without Odoo. A new benchmark is a new module and its name in ``catalogue.py``.
"""
