from . import membership, registry_sales, res_partner
