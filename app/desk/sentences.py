"""What happened, as a sentence a person reads: who did what to whom."""

from __future__ import annotations

from flask_babel import gettext

from app.access import Role
from app.accounts import role_names
from app.desk.queries import Deed
from app.errors import N_

KINDS = {
    "role.granted": N_("Peran diberikan"),
    "role.taken": N_("Peran dicabut"),
    "account.disabled": N_("Akun dinonaktifkan"),
    "account.enabled": N_("Akun diaktifkan"),
    "recovery.made": N_("Kode pemulihan dibuat"),
    "course.published": N_("Kursus diterbitkan"),
    "certificate.issued": N_("Sertifikat diterbitkan"),
    "certificate.revoked": N_("Sertifikat dicabut"),
    "certificate.reinstated": N_("Sertifikat dipulihkan"),
    "certificate.corrected": N_("Nama di sertifikat dikoreksi"),
    "certificate.removed": N_("Sertifikat dihapus"),
    "certificate.sent": N_("Tautan sertifikat dikirim"),
    "certificates.exported": N_("Daftar sertifikat diunduh"),
    "batch.made": N_("Sertifikat massal dibuat"),
    "batch.retried": N_("Sertifikat massal diulangi"),
    "batch.downloaded": N_("Sertifikat massal diunduh"),
    "papers.taken_out": N_("PDF diambil untuk ditandatangani"),
    "papers.accepted": N_("PDF bertanda tangan diterima"),
    "key.rotated": N_("Kunci bukti diganti"),
    "figures.exported": N_("Angka diunduh"),
    "appeal.answered": N_("Tinjauan dijawab"),
    "scores.regraded": N_("Nilai dihitung ulang"),
    "time.granted": N_("Waktu tambahan diberikan"),
    "time.taken": N_("Waktu tambahan dicabut"),
}
_SENTENCES = {
    "role.granted": N_("%(actor)s memberi peran %(role)s kepada %(person)s."),
    "role.taken": N_("%(actor)s mencabut peran %(role)s dari %(person)s."),
    "account.disabled": N_("%(actor)s menonaktifkan akun %(person)s."),
    "account.enabled": N_("%(actor)s mengaktifkan lagi akun %(person)s."),
    "recovery.made": N_("%(actor)s membuat kode pemulihan untuk %(person)s."),
    "course.published": N_("%(actor)s menerbitkan kursus %(course)s versi %(version)s."),
    "certificate.issued": N_("%(actor)s menerbitkan sertifikat kursus %(course)s untuk %(person)s."),
    "certificate.revoked": N_("%(actor)s mencabut sertifikat milik %(person)s."),
    "certificate.reinstated": N_("%(actor)s memulihkan sertifikat milik %(person)s."),
    "certificate.corrected": N_("%(actor)s mengoreksi nama di sertifikat milik %(person)s."),
    "certificate.removed": N_("%(actor)s menghapus sertifikat milik %(person)s."),
    "certificate.sent": N_("%(actor)s mengirim tautan sertifikat kepada %(person)s."),
    "certificates.exported": N_("%(actor)s mengunduh daftar sertifikat."),
    "batch.made": N_("%(actor)s menerbitkan sertifikat massal kursus %(course)s."),
    "batch.retried": N_("%(actor)s mengulangi yang gagal dari sertifikat massal kursus %(course)s."),
    "batch.downloaded": N_("%(actor)s mengunduh sertifikat massal kursus %(course)s."),
    "key.rotated": N_("%(actor)s mengganti kunci yang membuktikan sertifikat."),
    "papers.taken_out": N_("%(actor)s mengambil %(count)s PDF untuk ditandatangani."),
    "papers.accepted": N_("%(actor)s menerima %(count)s PDF dengan tanda tangan %(signers)s."),
    "figures.exported": N_("%(actor)s mengunduh angka rekap."),
    "appeal.answered": N_("%(actor)s menjawab permintaan tinjauan dari %(person)s tentang kursus %(course)s."),
    "scores.regraded": N_("%(actor)s menghitung ulang nilai kursus %(course)s versi %(version)s, soal %(item)s."),
    "time.granted": N_("%(actor)s memberi %(person)s waktu tambahan %(percent)s%%."),
    "time.taken": N_("%(actor)s mencabut waktu tambahan %(person)s."),
}
_OTHER = N_("%(actor)s melakukan “%(kind)s”.")


def sentence(deed: Deed) -> str:
    """The act in words, in the language of the page."""
    role = deed.data.get("role")
    facts = {
        "actor": deed.actor or gettext(N_("Perintah di server")),
        "person": deed.person or gettext(N_("akun yang sudah tidak ada")),
        "role": role_names.name(Role(role)) if role in set(Role) else str(role),
        "course": str(deed.data.get("course", "")),
        "version": str(deed.data.get("version", "")),
        "item": str(deed.data.get("item", "")),
        "percent": str(deed.data.get("percent", "")),
        "count": str(deed.data.get("count", "")),
        "signers": "; ".join(deed.data.get("signers", [])),
        "kind": deed.kind,
    }
    return str(gettext(_SENTENCES.get(deed.kind, _OTHER), **facts))
