from . import pos_order, ticket
