from . import statutory_modern, statutory_registry
