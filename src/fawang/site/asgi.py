"""The ASGI entry point, for a server that wants one process for everything."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings")
application = get_asgi_application()
