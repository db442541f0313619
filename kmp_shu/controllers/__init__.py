from . import bundle
from . import proof
