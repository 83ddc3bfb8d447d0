"""Settings of the test suite: fixed test secrets, a real database by DATABASE_URL (SQLite in memory by default)."""

import json
import os
import tempfile
from pathlib import Path

from fawang.site.settings import *  # noqa: F403
from fawang.site.settings import environment as env

HOME = Path(os.environ.get("FAWANG_TEST_HOME") or tempfile.mkdtemp(prefix="fawang-test-"))
SECRET_KEY = "test-only-" + "x" * 50  # noqa: S105 - a test's key
FAWANG_KEYS = json.dumps({"current": "t1", "keys": {"t0": "00" * 32, "t1": "11" * 32}})
FAWANG_IS_DEMONSTRATION = True
FAWANG_IDENTITY_VERIFIER = "demonstration"
FAWANG_PRESENCE_CHECK = "demonstration"
os.environ.setdefault("FAWANG_POOL", "0")
DATABASES = {"default": env.database(os.environ.get("DATABASE_URL") or "sqlite:///:memory:")}
STATIC_ROOT, MEDIA_ROOT, STATICFILES_DIRS = HOME / "static", HOME / "files", []
DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
LOGGING_CONFIG = None
