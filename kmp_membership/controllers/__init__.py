from . import application, portal, portal_request
