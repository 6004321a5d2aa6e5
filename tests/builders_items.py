"""A valid question of every kind, as trainers write them, and the pictures one of them shows."""

from __future__ import annotations

import base64
import struct
import zlib

from app.course.item import Kind


def a_picture(width: int = 4, height: int = 3, colour: bytes = b"\x10\x60\x80") -> bytes:
    """A small PNG of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + colour * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


# What a course must hold beside a question of the kind picture_choice.
PICTURES = {
    f"media/{name}.png": base64.b64encode(a_picture(colour=colour)).decode()
    for name, colour in (("gembok", b"\x10\x60\x80"), ("segitiga", b"\x80\x10\x10"), ("kosong", b"\xff\xff\xff"))
}
_QUESTIONS: dict[Kind, tuple[str, str]] = {
    "single_choice": ("jenis=pilihan", """
- [ ] Membaca pesannya dua kali. {#a}
  > Kurang tepat. Membaca saja belum memeriksa.
- [x] Menelepon nomor di kartu. {#b}
  > Benar. Nomor itu Anda cari sendiri.
- [ ] Menutup layar lalu tidur. {#c}
  > Kurang tepat. Bahayanya masih ada.
"""),
    "multiple_response": ("jenis=pilihan-ganda", """
- [x] Batas waktu yang pendek. {#a}
  > Benar. Anda didesak.
- [ ] Salam di awal pesan. {#b}
  > Kurang tepat. Salam itu biasa.
- [x] Permintaan kode OTP. {#c}
  > Benar. Anda diminta memberi kunci.
"""),
    "true_false": ("jenis=benar-salah", """
Petugas bank boleh meminta kode OTP.

- [ ] Benar
  > Kurang tepat. Petugas bank tidak memerlukan kode itu.
- [x] Salah
  > Tepat. Kode itu hanya untuk Anda.

### Alasan

- [ ] Kode OTP terlalu pendek untuk disebut. {#a}
  > Kurang tepat. Panjangnya bukan alasan.
- [x] Kode OTP menyetujui sebuah transaksi. {#b}
  > Benar. Kode itu sama dengan tanda tangan Anda.
- [ ] Kode OTP hanya berlaku sebulan. {#c}
  > Kurang tepat. Kode itu berlaku beberapa menit.
"""),
    "ordering": ("jenis=urutan", """
1. Menutup sambungan telepon. {#c}
   > Penipu tidak dapat mendesak lagi.
2. Menghubungi bank lewat nomor di kartu. {#a}
   > Bank dapat memblokir rekening.
3. Mencatat waktu dan nomor penelepon. {#d}
   > Catatan itu menjadi bukti.
4. Melapor lewat situs resmi. {#b}
   > Laporan melindungi orang lain.
"""),
    "matching": ("jenis=pasangan", """
- Kode OTP {#satu} => Menyetujui transaksi {#p}
  > Karena itu kode OTP tidak diberikan.
- Kata sandi {#dua} => Membuka akun {#q}
  > Karena itu kata sandi dirahasiakan.
- => Mencetak struk {#r}

### Pembahasan

Setiap kode punya guna sendiri. Semuanya hanya untuk Anda.
"""),
    "hotspot_text": ("jenis=tanda", """
::: pesan dari="0800-0000-0000" jam="19.42"
Selamat siang. **Hadiah Anda** hangus jam 12. Kirim kode OTP ke nomor ini.
:::

- [x] hangus jam 12 {#a}
  > Benar. Anda didesak.
- [ ] Selamat siang {#b}
  > Kurang tepat. Salam itu biasa.
- [x] Kirim kode OTP {#c}
  > Benar. Anda diminta memberi.
"""),
    "short_text": ("jenis=isian", """
- [x] penipuan {#a}
  > Benar. Itu namanya.
- [80] tipuan {#b}
  > Hampir tepat. Istilahnya penipuan.
- [ ] pencurian {#c}
  > Kurang tepat. Pencurian terjadi tanpa bujukan.
- [ ] * {#d}
  > Kurang tepat. Baca lagi kartu pertama.
"""),
    "number": ("jenis=angka", """
- [x] 3,5 ± 0,1 {#a}
  > Benar. Begitu hitungannya.
- [50] 35 {#b}
  > Angkanya benar, letak komanya belum.
- [ ] * {#c}
  > Kurang tepat. Hitung sekali lagi.
"""),
    "cloze": ("jenis=rumpang", """
Kode {1} hanya untuk Anda. Berkas {2} adalah aplikasi. Tunggu {3} menit.

{1}
- [x] OTP {#a}
- [ ] pos {#b}

{2 isian}
- [x] apk {#c}
- [x] .apk bundel {#d}

{3 angka bobot=2}
- [x] 10 ± 1 {#e}

### Pembahasan

Kode OTP adalah kunci. Berkas .apk adalah aplikasi.
"""),
    "picture_choice": ("jenis=gambar", """
- [x] ![Gembok yang tertutup](media/gembok.png) {#a}
  > Benar. Sambungannya dikunci.
- [ ] ![Segitiga dengan tanda seru](media/segitiga.png) {#b}
  > Kurang tepat. Itu sebuah peringatan.
- [ ] ![Bidang yang kosong](media/kosong.png) {#c}
  > Kurang tepat. Tidak ada tanda apa pun.
"""),
}  # fmt: skip
# Right answers of these questions, as tokens.
RIGHT: dict[Kind, list[str]] = {
    "single_choice": ["b"],
    "multiple_response": ["a", "c"],
    "true_false": ["pernyataan=salah", "alasan=b"],
    "ordering": ["a=2", "b=4", "c=1", "d=3"],
    "matching": ["satu=p", "dua=q"],
    "hotspot_text": ["a", "c"],
    "short_text": ["penipuan"],
    "number": ["3.45"],
    "cloze": ["1=a", "2=APK", "3=11"],
    "picture_choice": ["a"],
}


def a_question_of(kind: Kind, item_id: str, more: str = "") -> str:
    """A valid question of this kind; `more` goes into its curly brackets. A picture_choice needs PICTURES beside it."""
    word, below = _QUESTIONS[kind]
    heading = f"## Apa yang tepat pada keadaan {item_id}? {{#{item_id} {word} bloom=terapkan tujuan=1{more}}}"
    return f"{heading}\n{below}"
