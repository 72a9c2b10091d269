"""The product's settings with the reference's two addresses instead of the product's."""

from config.settings.local import *  # noqa: F403
from config.settings.local import MIDDLEWARE as OF_THE_PRODUCT

ROOT_URLCONF = "tests.performance.reference.pages"
MIDDLEWARE = [
    name for name in OF_THE_PRODUCT if not name.startswith(("tenants.", "portal.", "services."))
]
