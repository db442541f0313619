from . import test_simkopdes, test_registry_documents
