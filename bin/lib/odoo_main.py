"""Odoo from a file: with worker processes it starts a second server from `sys.argv[0]`, which `python -m odoo` cannot be."""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
