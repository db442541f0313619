from . import statement_wizard, statutory_wizard
