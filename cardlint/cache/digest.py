"""One digest for keys and checks of the cache.

`hashlib` loads OpenSSL, which costs a warm run more than the digest does; the built-in module has the same function.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python without the built-in module
    from hashlib import blake2b

__all__ = ["blake2b"]
