from . import test_ticket_pos
