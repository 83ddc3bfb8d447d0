"""Sealing of single fields, and keyed digests to look them up by.

A sealed value reads `suite:key id:base64(nonce + ciphertext + tag)` and an index `suite:key id:hex`, so a change of
algorithm or key never needs a rewrite: old values open with the key they name, new ones use the current key.
Suites: `sm4-gcm` (GB/T 32907) and `aes-gcm` for sealing, `hmac-sm3` (GB/T 32905) and `hmac-sha256` for look-up.

Keys come from the environment: `FAWANG_KEYS` = `{"current": "k1", "keys": {"k1": "<64 hex digits>"}}`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SEAL_SUITES = ("sm4-gcm", "aes-gcm")
INDEX_SUITES = ("hmac-sm3", "hmac-sha256")
_NONCE_BYTES = 12
_TAG_BYTES = 16


class CannotOpen(Exception):
    """The value was altered, is of another context, or its key is not in the ring."""


@lru_cache(maxsize=8)
def _ring(raw: str) -> tuple[str, dict[str, bytes]]:
    parsed = json.loads(raw)
    keys = {key_id: bytes.fromhex(value) for key_id, value in parsed["keys"].items()}
    if parsed["current"] not in keys or any(len(value) < 32 for value in keys.values()):
        raise ValueError("FAWANG_KEYS: the current key is missing or a key is shorter than 32 bytes")
    return parsed["current"], keys


def current_key_id() -> str:
    """The id of the key that new values are sealed with."""
    return _ring(settings.FAWANG_KEYS)[0]


def key_ids() -> list[str]:
    """The ids of all keys in the ring."""
    return sorted(_ring(settings.FAWANG_KEYS)[1])


@lru_cache(maxsize=256)
def _derived(raw: str, key_id: str, purpose: str, length: int) -> bytes:
    keys = _ring(raw)[1]
    if key_id not in keys:
        raise CannotOpen(f"key {key_id} is not in the ring")
    return HKDF(hashes.SHA256(), length, salt=None, info=purpose.encode()).derive(keys[key_id])


def derive(purpose: str, *, key_id: str | None = None, length: int = 32) -> bytes:
    """A key for one purpose, derived from the ring's key `key_id` (the current one by default)."""
    return _derived(settings.FAWANG_KEYS, key_id or current_key_id(), purpose, length)


def seal(plain: str, *, context: str) -> str:
    """Encrypt `plain`; `context` (for instance `identity.party.id_no`) is bound to it and must be given to open it."""
    suite, key_id = settings.FAWANG_SEAL_SUITE, current_key_id()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    key = derive(f"seal/{suite}/{context}", length=16 if suite == "sm4-gcm" else 32)
    data = plain.encode()
    if suite == "sm4-gcm":
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context.encode())
        sealed = encryptor.update(data) + encryptor.finalize() + encryptor.tag
    else:
        sealed = AESGCM(key).encrypt(nonce, data, context.encode())
    return f"{suite}:{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(value: str, *, context: str) -> str:
    """Open a sealed value. Raises CannotOpen when it was altered, or its key or context is another."""
    try:
        suite, key_id, body = value.split(":", 2)
        raw = base64.b64decode(body, validate=True)
    except ValueError:
        raise CannotOpen("not a sealed value") from None
    if suite not in SEAL_SUITES or not key_id:
        raise CannotOpen(f"unknown suite {suite[:20]} or no key")
    key = derive(f"seal/{suite}/{context}", key_id=key_id, length=16 if suite == "sm4-gcm" else 32)
    nonce, sealed, tag = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:-_TAG_BYTES], raw[-_TAG_BYTES:]
    try:
        if suite == "sm4-gcm":
            decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(context.encode())
            return (decryptor.update(sealed) + decryptor.finalize()).decode()
        return AESGCM(key).decrypt(nonce, sealed + tag, context.encode()).decode()
    except (InvalidTag, ValueError):
        raise CannotOpen("the value was altered or belongs to another field") from None


def is_sealed(value: object) -> bool:
    """Whether a stored value carries a suite and a key id."""
    return isinstance(value, str) and value.split(":", 1)[0] in SEAL_SUITES


def _digest(value: str, *, context: str, suite: str, key_id: str) -> str:
    key = derive(f"index/{suite}/{context}", key_id=key_id)
    algorithm = hashes.SM3() if suite == "hmac-sm3" else hashes.SHA256()
    mac = hmac.HMAC(key, algorithm)
    mac.update(value.encode())
    return f"{suite}:{key_id}:{mac.finalize().hex()}"


def index(value: str, *, context: str) -> str:
    """The blind index of a normalised value under the current key, at most 90 characters."""
    return _digest(value, context=context, suite=settings.FAWANG_INDEX_SUITE, key_id=current_key_id())


def indexes(value: str, *, context: str) -> list[str]:
    """All indexes the value may be stored under (every suite and key in the ring): query with `__in`."""
    return [
        _digest(value, context=context, suite=suite, key_id=key_id) for suite in INDEX_SUITES for key_id in key_ids()
    ]


def digest(data: bytes) -> str:
    """The SHA-256 of `data` in hex: for commitments, never for secrets."""
    return hashlib.sha256(data).hexdigest()
