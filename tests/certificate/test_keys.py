"""The folder of keys: whatever ends a process in the middle, what it signs stays proven."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from stat import S_ISDIR

import pytest

from app.certificate import keys

pytestmark = pytest.mark.sqlite


class Killed(BaseException):
    """What a kill does to the process."""


def test_a_key_that_lost_its_public_half_gets_it_back_before_it_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"DATA": str(tmp_path)}

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(keys, "_publish", killed)
        with pytest.raises(Killed):
            keys.sign(settings, {"c": "x"})
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["signing.pem"]
    token = keys.sign(settings, {"c": "x"})
    assert keys.read(settings, token) == {"c": "x"} and len(keys.public(settings)["keys"]) == 1


def test_the_draft_of_a_killed_process_is_removed_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, folder = {"DATA": str(tmp_path)}, tmp_path / "keys"

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(os, "link", killed)
        with pytest.raises(Killed):
            keys.sign(settings, {"c": "x"})
    (draft,) = folder.iterdir()
    with keys._drafting(folder, fcntl.LOCK_SH):
        keys.sign(settings, {"c": "x"})
        assert draft.exists(), "another process is at it"
    keys._loaded.cache_clear()  # as a process that starts
    keys.sign(settings, {"c": "x"})
    assert {path.suffix for path in folder.iterdir()} == {".pem", ".json"}


def test_a_new_key_is_noted_before_it_is_used(tmp_path: Path) -> None:
    settings, noted = {"DATA": str(tmp_path)}, list[str]()
    before = keys.public(settings)["keys"][0]["kid"]

    def killed(kid: str) -> None:
        noted.append(kid)
        raise Killed

    with pytest.raises(Killed):
        keys.rotate(settings, killed)
    found = [key["kid"] for key in keys.public(settings)["keys"]]
    assert found == [before, *noted], "known, and nothing is signed with it"
    kid = keys.rotate(settings, noted.append)
    assert noted[1:] == [kid] and keys.public(settings)["keys"][0]["kid"] == kid


def test_a_new_key_is_made_where_the_folder_was_lost(tmp_path: Path) -> None:
    settings = {"DATA": str(tmp_path)}
    kid = keys.rotate(settings, lambda _kid: None)
    assert [key["kid"] for key in keys.public(settings)["keys"]] == [kid]
    assert keys.read(settings, keys.sign(settings, {"c": "x"})) == {"c": "x"}


def test_what_was_signed_finds_its_key_after_a_loss_of_power(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are on the disk once their folder is: before that the names of new ones may be lost."""
    settings, sync = {"DATA": str(tmp_path)}, os.fsync
    kept: dict[Path, set[str]] = {}

    def noted(descriptor: int) -> None:
        sync(descriptor)
        if S_ISDIR(os.fstat(descriptor).st_mode):
            place = Path(f"/proc/self/fd/{descriptor}").readlink()
            kept[place] = {path.name for path in place.iterdir()}

    monkeypatch.setattr(os, "fsync", noted)
    folder = tmp_path / "keys"
    for first in (True, False):
        if first:
            keys.sign(settings, {"c": "x"})
        else:
            keys.rotate(settings, lambda _kid: None)
        assert kept[tmp_path] == {"keys"} and kept[folder] == {path.name for path in folder.iterdir()}
    assert len(kept[folder]) == 3, "two public keys and the private one"
