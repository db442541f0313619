from . import bundle
from . import portal
from . import proof
from . import verifier
