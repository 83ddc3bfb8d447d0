"""Settings of an installation. Every one is listed, with type, unit and default, in docs/settings.md."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from fawang.site.settings import environment as env

env.load_secrets()

SOURCE = Path(__file__).resolve().parents[2]
HOME = env.HOME

# --- where this installation is: two digits and zeros, e.g. 510000 for Sichuan; empty asks for the province first
FAWANG_PROVINCE = env.text("FAWANG_PROVINCE", "510000")

# --- the map: an installation open to the public needs a tile service or boundaries with an approval number (审图号)
FAWANG_MAP_TILES = env.text("FAWANG_MAP_TILES")
FAWANG_MAP_CRS = env.text("FAWANG_MAP_CRS", "CGCS2000")
FAWANG_MAP_SOURCE = env.text("FAWANG_MAP_SOURCE")
FAWANG_MAP_APPROVAL = env.text("FAWANG_MAP_APPROVAL")

# --- secrets -----------------------------------------------------------------------------------------------------
SECRET_KEY = env.text("FAWANG_SECRET_KEY")
FAWANG_KEYS = env.text("FAWANG_KEYS")
FAWANG_SEAL_SUITE = env.text("FAWANG_SEAL_SUITE", "sm4-gcm")
FAWANG_INDEX_SUITE = env.text("FAWANG_INDEX_SUITE", "hmac-sm3")

# --- what this installation is -----------------------------------------------------------------------------------
DEBUG = env.flag("FAWANG_DEBUG")
FAWANG_IS_DEMONSTRATION = env.flag("FAWANG_DEMONSTRATION")
FAWANG_SITE_URL = env.text("FAWANG_SITE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.words("FAWANG_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("FAWANG_ORIGINS")

# --- rooms: every folder of a floor that has an apps.py; deleting a folder removes the room ----------------------
FLOORS = ("kernel", "base", "back", "middle", "front")
ROOMS = [
    f"fawang.{floor}.{folder.name}"
    for floor in FLOORS
    for folder in sorted((SOURCE / floor).iterdir())
    if (folder / "apps.py").exists()
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "ninja",
    "fawang.site",
    *ROOMS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fawang.front.frame.head.HeadMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fawang.front.frame.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fawang.front.frame.terminal.TerminalMiddleware",
    "fawang.front.frame.doors.ActorMiddleware",
    "fawang.front.frame.doors.ErrorMiddleware",
]
ROOT_URLCONF = "fawang.site.urls"
WSGI_APPLICATION = "fawang.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "fawang.front.frame.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "fawang.front.frame.templatetags.frame",
            ],
        },
    }
]

# --- database ----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL", f"sqlite:///{HOME / 'fawang.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # an IMMEDIATE lock for every read would serialise the whole site

# --- log-in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "identity.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
FAWANG_STAFF_IDLE_SECONDS = env.number("FAWANG_STAFF_IDLE_SECONDS", 30 * 60)

# --- browser safety ----------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = FAWANG_SITE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("FAWANG_BEHIND_PROXY") else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *env.origins(FAWANG_MAP_TILES)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- uploaded files: what is taken, who looks for viruses, how much a check may use ------------------------------
FAWANG_UPLOAD_MAX_BYTES = env.number("FAWANG_UPLOAD_MAX_BYTES", 10 * 1024 * 1024)
FAWANG_UNPACKED_MAX_BYTES = env.number("FAWANG_UNPACKED_MAX_BYTES", 100 * 1024 * 1024)
FAWANG_PICTURE_MAX_PIXELS = env.number("FAWANG_PICTURE_MAX_PIXELS", 120_000_000)
FAWANG_PICTURE_MAX_SIDE_PIXELS = env.number("FAWANG_PICTURE_MAX_SIDE_PIXELS", 4_000)
FAWANG_PDF_MAX_PAGES = env.number("FAWANG_PDF_MAX_PAGES", 300)
FAWANG_PHOTO_MAX_PAGES = env.number("FAWANG_PHOTO_MAX_PAGES", 30)
FAWANG_PREVIEW_MAX_PAGES = env.number("FAWANG_PREVIEW_MAX_PAGES", 20)
FAWANG_CHECK_MAX_SECONDS = env.number("FAWANG_CHECK_MAX_SECONDS", 20)
FAWANG_CHECK_MAX_MEMORY_BYTES = env.number("FAWANG_CHECK_MAX_MEMORY_BYTES", 1024 * 1024 * 1024)
FAWANG_CLAMAV = env.text("FAWANG_CLAMAV")
FAWANG_CLAMAV_TIMEOUT_SECONDS = env.number("FAWANG_CLAMAV_TIMEOUT_SECONDS", 20)
FAWANG_UNSCANNED = env.text("FAWANG_UNSCANNED", "mark")

# --- language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
# each language by its own name: whoever looks for it reads that
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "kernel" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["fawang.front.frame.formats"]

# --- static files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [HOME / "assets"] if (HOME / "assets").exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31536000
MEDIA_ROOT = HOME / "files"

# --- messages to people ------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("FAWANG_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("FAWANG_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.number("FAWANG_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("FAWANG_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("FAWANG_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("FAWANG_SMTP_TLS")
EMAIL_TIMEOUT = env.number("FAWANG_SMTP_TIMEOUT_SECONDS", 8)
FAWANG_SMS_GATEWAY_URL = env.text("FAWANG_SMS_GATEWAY_URL")
FAWANG_SMS_GATEWAY_KEY = env.text("FAWANG_SMS_GATEWAY_KEY")
DEFAULT_FROM_EMAIL = env.text("FAWANG_EMAIL_FROM", "no-reply@fawang.example")
FAWANG_ASSISTANT_URL = env.text("FAWANG_ASSISTANT_URL")
FAWANG_ASSISTANT_KEY = env.text("FAWANG_ASSISTANT_KEY")
FAWANG_ASSISTANT_MODEL = env.text("FAWANG_ASSISTANT_MODEL", "default")
FAWANG_ASSISTANT_SECONDS = env.number("FAWANG_ASSISTANT_SECONDS", 8)
FAWANG_SMS_SENDER = env.text("FAWANG_SMS_SENDER", "console")
FAWANG_IDENTITY_VERIFIER = env.text("FAWANG_IDENTITY_VERIFIER", "demonstration" if FAWANG_IS_DEMONSTRATION else "none")
FAWANG_PRESENCE_CHECK = env.text("FAWANG_PRESENCE_CHECK", "demonstration" if FAWANG_IS_DEMONSTRATION else "none")

# --- logs: never personal data -----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("FAWANG_LOG_LEVEL", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "django.server": {"level": "ERROR"}},
}
