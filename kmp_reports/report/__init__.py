from . import shu_distribution, shu_distribution_xlsx
