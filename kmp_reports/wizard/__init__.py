from . import statement_account, statement_wizard, statutory_wizard
