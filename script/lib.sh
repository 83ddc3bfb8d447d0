# What the scripts share. Sourced, never run. Needs nothing but bash and Python 3.11 or newer.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export FAWANG_HOME="${FAWANG_HOME:-$ROOT/var}"
VENV="$ROOT/.venv"
STARTED=$SECONDS

step() { printf '[%3ds] %s\n' "$((SECONDS - STARTED))" "$*"; }
die() { printf '\n%s\n' "$*" >&2; exit 1; }

usage_if_asked() { # the text between "# usage" and the first line that is no comment
  for word in "${@:2}"; do
    case "$word" in -h | --help) sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"; exit 0 ;; esac
  done
}

find_python() {
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] || continue
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  die "Python 3.11 or newer is needed. On Debian 12 or Ubuntu: apt-get install python3 python3-venv"
}

apt_install() { # package names; only as root, otherwise say it in one line
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    step "installing $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; } >"$FAWANG_HOME/apt.log" 2>&1 ||
      die "apt-get could not install $*; see $FAWANG_HOME/apt.log"
  else
    die "Please install first: apt-get install $*"
  fi
}

make_venv() {
  local python
  python="$(find_python)"
  mkdir -p "$FAWANG_HOME"
  if [ ! -x "$VENV/bin/python" ]; then
    step "making .venv with $($python --version)"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then apt_install python3-venv; fi
    "$python" -m venv "$VENV" || die "The virtual environment could not be made. Try: apt-get install python3-venv"
  fi
}

pip_install() { # stamp, then pip's words; skipped while the requirements are unchanged
  local stamp="$VENV/.$1" sum
  shift
  sum="$(cat "$ROOT"/requirements/*.txt "$ROOT/pyproject.toml" | sha256sum | cut -d' ' -f1) $*"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then return; fi
  "$VENV/bin/python" -m pip --disable-pip-version-check --no-input -q install "$@" 2>"$FAWANG_HOME/pip.log" ||
    { tail -15 "$FAWANG_HOME/pip.log" >&2; die "pip could not install; see $FAWANG_HOME/pip.log"; }
  printf '%s' "$sum" >"$stamp"
}

make_secrets() { # keys of this installation, made once, readable by its owner only
  local file="$FAWANG_HOME/secrets.env"
  [ -f "$file" ] && return
  step "making this installation's keys (var/secrets.env: keep a copy in a safe place)"
  (
    umask 077
    "$VENV/bin/python" - >"$file" <<'PY'
import json, secrets
print("FAWANG_SECRET_KEY=" + secrets.token_urlsafe(64))
print("FAWANG_KEYS=" + json.dumps({"current": "k1", "keys": {"k1": secrets.token_hex(32)}}))
PY
  )
}
