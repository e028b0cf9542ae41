"""``blake2b`` without the rest of ``hashlib``: that loads OpenSSL, which takes a tenth of the time of a status line."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:
    # A Python that is built otherwise.
    from hashlib import blake2b

__all__ = ["blake2b"]
