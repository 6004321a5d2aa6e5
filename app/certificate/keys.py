"""The key that proves what we say: ES256, made at the first use, and exchanged without losing what older keys proved.

The folder `keys` beside the database holds one private key, readable by its owner only, and every public key there
ever was. Lost private keys cost nothing but a new one; lost public keys make older proofs unreadable, so the folder
belongs into every backup.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

ALGORITHM = "ES256"
_PRIVATE = "signing.pem"


class NotProven(ValueError):
    """The words carry no signature of ours."""


def sign(settings: Mapping[str, Any], payload: Mapping[str, Any], *, place: str = "", **header: Any) -> str:
    """These claims as a compact JWS of the current key.

    The header names the key (`kid`), by its whole address where the `place` of our keys is given.
    """
    key = _current(_folder(settings))
    words = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return jws.serialize_compact({"alg": ALGORITHM, "kid": place + key_id(key)} | header, words, key)


def read(settings: Mapping[str, Any], token: str) -> dict[str, Any]:
    """The claims of a token that one of our keys signed. Raises NotProven for anything else."""
    try:
        found = jws.extract_compact(token.encode("ascii"))
        key = _known(_folder(settings))[str(found.headers().get("kid", "")).rpartition("/")[2]]
        if not jws.validate_compact(found, ECKey.import_key(key), algorithms=[ALGORITHM]):
            raise NotProven("not signed by this key")
        claims = json.loads(found.payload)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise NotProven(str(error)) from error
    if not isinstance(claims, dict):
        raise NotProven("no claims")
    return claims


def public(settings: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Every public key as a JSON Web Key Set (RFC 7517), the current one first."""
    folder = _folder(settings)
    current = key_id(_current(folder))
    known = _known(folder)
    return {"keys": [known[kid] for kid in sorted(known, key=lambda kid: (kid != current, kid))]}


def rotate(settings: Mapping[str, Any], note: Callable[[str], None]) -> str:
    """Makes a new key the current one and returns its id; what older keys signed stays proven.

    `note` hears the id before anything can be signed with this key.
    """
    folder = _made(_folder(settings))
    key = ECKey.generate_key("P-256")
    _publish(folder, key)
    note(key_id(key))
    _write_whole(folder / _PRIVATE, key.as_pem(private=True))
    return key_id(key)


def key_id(key: ECKey) -> str:
    """The first eight signs of the key's thumbprint (RFC 7638): short, for it stands in every QR code."""
    return key.thumbprint()[:8]


def _folder(settings: Mapping[str, Any]) -> Path:
    return Path(settings["DATA"]) / "keys"


def _current(folder: Path) -> ECKey:
    path = folder / _PRIVATE
    if not path.exists():
        _first(folder)
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _loaded(path: Path, _changed: int) -> ECKey:
    """The private key in this file, read again when another process has exchanged it.

    Its public half may be missing: a kill right after the first start, or a backup that held only this file.
    """
    key = ECKey.import_key(path.read_text(encoding="ascii"))
    _tidy(path.parent)
    if not (path.parent / f"{key_id(key)}.json").exists():
        _publish(path.parent, key)
    return key


def _known(folder: Path) -> dict[str, dict[str, Any]]:
    _current(folder)
    return _read(folder, folder.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(folder: Path, _changed: int) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _keep_names(folder.parent)
    return folder


def _first(folder: Path) -> None:
    _made(folder)
    key = ECKey.generate_key("P-256")
    with _drafting(folder, fcntl.LOCK_SH):
        draft = _draft(folder, key.as_pem(private=True))
        # Two processes may start at once: the link is made whole or not at all, and the first one stays.
        with suppress(FileExistsError):
            os.link(draft, folder / _PRIVATE)
        draft.unlink()


def _tidy(folder: Path) -> None:
    """Removes what a kill left of keys that were being made: private ones that nobody needs.

    While another process is making one, or where the folder is for reading only, they stay until the next start.
    """
    with suppress(OSError), _drafting(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
        for draft in folder.glob("draft-*"):
            draft.unlink()


@contextmanager
def _drafting(folder: Path, how: int) -> Iterator[None]:
    """A lock that is gone with the process that holds it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _publish(folder: Path, key: ECKey) -> None:
    """Keeps the public key before anything is signed with it."""
    kid = key_id(key)
    entry = {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
    _write_whole(folder / f"{kid}.json", json.dumps(entry).encode())


def _write_whole(path: Path, content: bytes) -> None:
    with _drafting(path.parent, fcntl.LOCK_SH):
        _draft(path.parent, content).replace(path)
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """Puts on the disk which files this folder has, since what is signed next may be kept elsewhere at once."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(folder: Path, content: bytes) -> Path:
    draft = folder / f"draft-{uuid4().hex}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
