"""Every setting is read once and checked; a bad one stops the start with its name."""

from __future__ import annotations

import multiprocessing
import os
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from config import BadSetting, from_env
from tests.house.tree import ROOT


def _env(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"DATA": str(tmp_path), "SECRET_KEY": "for tests", **more}


BAD = [
    ("PORT", "0"), ("PORT", "65536"), ("PORT", "delapan"), ("PORT", "-1"), ("PORT", "8000.5"), ("PORT", "8" * 40),
    ("PORT", "٨٠٠٠"),
    ("WORKERS", "0"), ("WORKERS", "65"), ("WORKERS", "dua"), ("TRUSTED_PROXIES", "6"), ("TRUSTED_PROXIES", "ya"),
    ("SMTP_PORT", "0"), ("SMTP_PORT", "mail"), ("MINUTES_PER_JP", "29"), ("MINUTES_PER_JP", "91"),
    ("DEMO", "yes"), ("DEMO", "2"), ("BACKGROUND", "on"), ("SMTP_STARTTLS", "true"),
    ("BASE_URL", "belajar.contoh.go.id"), ("BASE_URL", "ftp://belajar.contoh"), ("BASE_URL", "https://"),
    ("BASE_URL", "/belajar"),
    ("SIGNATORY_FROM", "23-11-2026"), ("SIGNATORY_UNTIL", "2026-02-30"), ("SIGNATORY_FROM", "20261123"),
    ("AGENCY_LOGO", "/tidak/ada.png"), ("AGENCY_LOGO", __file__),
    ("SIGNER", "bsre"), ("SIGNER_P12", ""), ("SIGNER_PKCS11_LIBRARY", "/usr/lib/lain.so"),
    ("SIGNER_CHAIN", ""), ("SIGNER_URL", "http://tte.contoh"), ("SIGNER_URL", "https://saya:rahasia@tte.contoh"),
    ("SIGNER_URL", "https://tte.contoh/?a=1"), ("TSA_URL", "ftp://waktu.contoh"), ("TSA_URL", "https://waktu.contoh:x"),
    ("SIGNER_SUBJECTS", "Nama Pejabat"), ("SIGNER_SUBJECTS", "CN=Nama Pejabat; Instansi"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_setting_stops_the_start_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    # Who signs needs a key and a chain; without them one more setting would be wrong than the one tried.
    signs = {"SIGNER": "pades", "SIGNER_P12": "kunci.p12", "SIGNER_CHAIN": "rantai.pem"}
    with pytest.raises(BadSetting) as told:
        from_env(_env(tmp_path, **(signs if name.startswith("SIGNER") else {}) | {name: value}))
    assert name in str(told.value)


def test_who_may_sign_is_told_by_whole_subjects(tmp_path: Path) -> None:
    assert from_env(_env(tmp_path))["SIGNER_SUBJECTS"] == ()
    told = r"CN=Nama\; Pejabat,O=Dinas; 2.5.4.5=197001,CN=Lain;"
    found = from_env(_env(tmp_path, SIGNER_SUBJECTS=told))["SIGNER_SUBJECTS"]
    assert found == (r"CN=Nama\; Pejabat,O=Dinas", "2.5.4.5=197001,CN=Lain")


def test_the_command_line_says_it_in_one_sentence(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA": str(tmp_path), "PORT": "banyak"}
    told = subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert told.returncode != 0
    assert "PORT harus angka 1 sampai 65535" in told.stderr


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "berkas"
    taken.write_text("bukan folder")
    with pytest.raises(BadSetting, match="DATA") as told:
        from_env({"DATA": str(taken)})
    assert str(taken) in str(told.value)


def test_defaults_are_good_for_a_first_try(tmp_path: Path) -> None:
    found = from_env({"DATA": str(tmp_path / "baru")})
    assert found["DATABASE_URL"] == f"sqlite:///{tmp_path / 'baru' / 'cakap.sqlite3'}"
    assert found["BASE_URL"] == "http://127.0.0.1:8000"
    assert (found["DEMO"], found["BACKGROUND"], found["TRUSTED_PROXIES"]) == (True, True, 0)
    assert found["SESSION_COOKIE_NAME"] == "cakap"
    assert found["SESSION_COOKIE_SECURE"] is False


def test_https_hardens_the_cookie(tmp_path: Path) -> None:
    found = from_env(_env(tmp_path, BASE_URL="https://belajar.contoh.go.id/"))
    assert found["BASE_URL"] == "https://belajar.contoh.go.id"
    assert found["SESSION_COOKIE_NAME"] == "__Host-cakap"
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_an_official_serves_from_a_day_until_a_later_one(tmp_path: Path) -> None:
    found = from_env(_env(tmp_path, SIGNATORY_FROM="2026-01-01", SIGNATORY_UNTIL="2026-12-31"))
    assert (found["SIGNATORY_FROM"], found["SIGNATORY_UNTIL"]) == (date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(BadSetting, match="SIGNATORY_UNTIL"):
        from_env(_env(tmp_path, SIGNATORY_FROM="2026-12-31", SIGNATORY_UNTIL="2026-01-01"))


def test_an_empty_setting_counts_as_not_given(tmp_path: Path) -> None:
    found = from_env(_env(tmp_path, PORT="", DEMO="", BASE_URL="", DATABASE_URL="", WORKERS=""))
    assert (found["PORT"], found["DEMO"]) == (8000, True)
    assert found["BASE_URL"] == "http://127.0.0.1:8000"


def test_old_keys_are_a_list(tmp_path: Path) -> None:
    assert from_env(_env(tmp_path, SECRET_KEY_FALLBACKS="satu,,dua"))["SECRET_KEY_FALLBACKS"] == ["satu", "dua"]
    assert from_env(_env(tmp_path))["SECRET_KEY_FALLBACKS"] == []


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = from_env({"DATA": str(tmp_path)})["SECRET_KEY"]
    assert len(first) == 64
    assert from_env({"DATA": str(tmp_path)})["SECRET_KEY"] == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret-key"], "no draft is left"
    assert from_env({"DATA": str(tmp_path / "lain")})["SECRET_KEY"] != first


def _secret(data: str) -> str:
    found: str = from_env({"DATA": data})["SECRET_KEY"]
    return found


def test_four_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_secret, [str(tmp_path)] * 8))) == 1
