"""Settings of the test suite: fixed test secrets, a real database by DATABASE_URL (SQLite in memory by default)."""

import json
import os
import tempfile

os.environ.setdefault("FAWANG_HOME", tempfile.mkdtemp(prefix="fawang-test-"))
os.environ.setdefault("FAWANG_SECRET_KEY", "test-only-" + "x" * 50)
os.environ.setdefault(
    "FAWANG_KEYS",
    json.dumps({"current": "t1", "keys": {"t0": "00" * 32, "t1": "11" * 32}}),
)
os.environ.setdefault("FAWANG_POOL", "0")
os.environ.setdefault("FAWANG_DEMONSTRATION", "1")

from fawang.site.settings import *  # noqa: E402, F403

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
