"""Who may do what: one table (``rights.txt``), tried on a real co-operative by ``tests/test_personas.py``.

``python -m tests.personas`` writes ``docs/security.md`` from it.
"""
