"""One question of every kind as trainers write it, files of other systems, and how questions are compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.course.cards import split_questions
from app.course.item import Item
from app.course.items import Home, read_item
from app.course.shapes import Medium, Problem

SHARED = Path(__file__).resolve().parents[3] / "shared" / "fixtures"
COURSES = Path(__file__).resolve().parents[2] / "courses"
HERE = Home(objectives={"pesan": ("a", "b")}, digcomp={}, references={})

EVERY_KIND = """
## Mana yang **aman**? {#satu bloom=ingat tujuan=1 modul=pesan digcomp=4.2,4.3 sulit=0.7}

Bacalah dahulu:

- kode \\* satu
- kode `dua`

- [x] Menelepon nomor *lama*.
  > Benar. Baca [panduannya](https://contoh.id/a?b=1&c=2).
- [ ] Membuka tautan "hadiah" \\<b>.
  > Salah.
- [ ] Membalas: ya = {setuju} #1 ~ 100%
  > Salah.

### Pembahasan

Nomor lama sudah **Anda** kenal.

## Mana saja? {#beberapa bloom=terapkan tujuan=2 modul=pesan acak=tidak}

- [x] Satu
  > Benar.
- [x] Dua
  > Benar.
- [ ] Tiga
  > Salah.

## Mana saja yang berbobot? {#berbobot jenis=pilihan-ganda bloom=nilai tujuan=1 modul=pesan status=ditinjau}

- [66.66667] Satu
  > Benar.
- [33.33333] Dua
  > Benar.
- [-50] Tiga
  > Salah.
- [0] Empat
  > Salah.

## Mana yang paling tepat? {#separuh jenis=pilihan bloom=nilai tujuan=1 modul=pesan}

- [x] Satu
  > Benar.
- [50] %50% Dua
  > Kurang.
- [ ] Tiga
  > Salah.

## Benarkah pernyataan ini? {#benar jenis=benar-salah bloom=pahami tujuan=1 modul=pesan}

Bank tidak pernah meminta OTP.

- [x] Benar
  > Tepat.
- [ ] Salah
  > Keliru.

### Alasan

- [x] OTP adalah kunci akun.
  > Tepat.
- [ ] OTP tidak dipakai lagi.
  > Keliru.

## Bagaimana urutannya? {#urut jenis=urutan bloom=terapkan tujuan=1 modul=pesan}

1. Matikan internet
2. Hubungi bank
3. Copot aplikasi

## Mana pasangannya? {#pasang jenis=pasangan bloom=ingat tujuan=1 modul=pesan}

- OTP -> kode => Rahasia
- Nama *bank* => Umum
- PIN => Rahasia
- => Tidak ada

## Mana tanda bahayanya? {#tanda jenis=tanda bloom=analisis tujuan=1 modul=pesan}

::: pesan dari="BANK" jam="09.00"
Segera klik **tautan** bit.ly/x sebelum pukul 9!

Salam.
:::

- [x] Segera
  > Mendesak.
- [x] bit.ly/x
  > Asing.
- [ ] Salam
  > Wajar.

## Apa nama kodenya? {#isi jenis=isian bloom=ingat tujuan=1 modul=pesan}

- [x] OTP
  > Benar.
- [x] kode sekali pakai
- [80] kode * pakai
  > Hampir.
- [ ] *
  > Belum tepat.

## Berapa? {#hitung jenis=angka bloom=ingat tujuan=1 modul=pesan}

- [x] 3,14 ± 0,01
  > Benar.
- [50] 3
- [ ] *
  > Salah.

## Apa yang hilang? {#rumpang jenis=rumpang bloom=ingat tujuan=1 modul=pesan}

Jangan bagikan {1} kepada {2}.

Tunggu {3} menit.

{1 bobot=2}

- [x] OTP
  > Benar.
- [50] nama
- [ ] salam \\~ #1 }
  > Salah.

{2 isian}

- [x] siapa pun
- [ ] *
  > Belum.

{3 angka}

- [x] 1500 ± 0,5
"""


def items_in(text: str, problems: list[Problem] | None = None, media: Mapping[str, Medium] | None = None) -> list[Item]:
    """The questions of this text."""
    found = [] if problems is None else problems
    home = replace(HERE, media=media or {})
    return [read_item(card, home, found)[0] for card in split_questions("bank.md", text, 1, found)]


def bare(thing: Any) -> Any:
    """Everything a question says, without where it stands."""
    if is_dataclass(thing):
        return {one.name: bare(getattr(thing, one.name)) for one in fields(thing) if one.name not in ("line", "file")}
    return [bare(one) for one in thing] if isinstance(thing, tuple) else thing


def fixture(name: str) -> bytes:
    """A file of another system."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} belongs to the shared fixtures, which are not here")
    return path.read_bytes()


def expected(name: str) -> dict[str, Any]:
    """What is known of that file."""
    told: dict[str, dict[str, Any]] = json.loads(fixture("EXPECTED.json"))
    return told[name]
