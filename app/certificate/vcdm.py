"""The rules of the W3C for verifiable credentials and presentations (data model 1.1 and 2.0), without their JSON-LD.

Nothing is fetched: terms of contexts elsewhere are taken as they are, and only what stands in the document is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.errors import N_, Refused

Document = Mapping[str, Any]
FIRST = "https://www.w3.org/2018/credentials/v1"
SECOND = "https://www.w3.org/ns/credentials/v2"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_BASE58 = re.compile(r"z[1-9A-HJ-NP-Za-km-z]{84,88}")  # 64 bytes
# What the context of 2.0 protects: nobody may give these words another meaning.
_PROTECTED = frozenset(
    "id type description digestMultibase digestSRI mediaType name VerifiableCredential EnvelopedVerifiableCredential"
    " VerifiablePresentation EnvelopedVerifiablePresentation JsonSchemaCredential JsonSchema"
    " BitstringStatusListCredential BitstringStatusList BitstringStatusListEntry DataIntegrityProof".split()
)
# Parts that need a type, and those of them that need an address as well.
_TYPED = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence", "proof")
_PLACED = {"credentialSchema"}
_PLACED_FIRST = {"credentialSchema", "credentialStatus", "refreshService"}


def parts(value: Any) -> list[Any]:
    """One or many, as a list; nothing is an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types(document: Document) -> list[str]:
    """The types of a document or of a part of it."""
    return [kind for kind in parts(document.get("type")) if isinstance(kind, str)]


def is_address(value: object) -> bool:
    """Whether this is an absolute address (URL, URN or DID)."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def contexts(document: Document) -> list[str]:
    """The addresses of its contexts."""
    return [one for one in parts(document.get("@context")) if isinstance(one, str)]


def moment(document: Document, name: str) -> datetime | None:
    """The moment under this name, if there is one; refuses what is no moment with its time zone."""
    if (value := document.get(name)) is None and name not in document:
        return None
    try:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValueError
        return datetime.fromisoformat(value)
    except ValueError:
        raise Refused(
            N_("Tanggal %(name)s salah bentuk. Yang benar misalnya 2026-11-25T08:00:00Z."), name=name
        ) from None


def issuer_of(document: Document) -> str:
    """The address of the issuer; empty when the document names none."""
    issuer = document.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else ""


def stale(document: Document, now: datetime) -> bool:
    """Whether this copy has expired and its issuer offers the next; refuses what does not hold (yet, or any more)."""
    first = moment(document, "validFrom") or moment(document, "issuanceDate")
    last = moment(document, "validUntil") or moment(document, "expirationDate")
    if first and first > now:
        raise Refused(N_("Kredensial ini belum berlaku: baru mulai %(at)s."), at=first.isoformat())
    if last is None or last >= now:
        return False
    if not document.get("refreshService"):
        raise Refused(N_("Masa berlaku kredensial ini sudah habis pada %(at)s."), at=last.isoformat())
    return True


def presentation(document: Document) -> list[Any]:
    """Checks a presentation and returns the credentials in it, which are not checked yet."""
    _context(document)
    _types(document, "VerifiablePresentation")
    _own_address(document)
    if "holder" in document:
        holder = document["holder"]
        if not is_address(holder.get("id") if isinstance(holder, dict) else holder):
            raise Refused(N_("Pemegang (holder) tidak punya alamat yang benar."))
    _typed(document, first=False)
    found = parts(document.get("verifiableCredential"))
    if not all(isinstance(one, dict) for one in found):
        raise Refused(N_("Isi verifiableCredential harus objek, bukan teks."))
    return found


def credential(document: Document) -> None:
    """Checks a credential of either version. Who it is from and how it is proved is for others to judge."""
    first = _context(document) == FIRST
    _types(document, "VerifiableCredential")
    _own_address(document)
    _issuer(document)
    _subjects(document)
    _dates(document, first=first)
    _typed(document, first=first)
    _related(document)
    for name in ("name", "description"):
        _words(document, name)
    for proof in parts(document.get("proof")):
        _proof(proof)


def _context(document: Document) -> str:
    """The base context, which must come first; the others must not give its words another meaning."""
    given = document.get("@context")
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not listed:
        raise Refused(N_("Tidak ada @context, jadi arti isinya tidak pasti."))
    if listed[0] not in (FIRST, SECOND):
        raise Refused(N_("Konteks pertama harus konteks kredensial W3C. Urutan @context salah, atau itu tidak ada."))
    meaning: dict[str, Any] = {}
    protected = set(_PROTECTED) if listed[0] == SECOND else set()
    for one in listed[1:]:
        if isinstance(one, dict):
            _terms(one, meaning, protected)
        elif not is_address(one):
            raise Refused(N_("Salah satu @context bukan alamat dan bukan objek."))
    if "@vocab" in meaning and meaning["@vocab"] is None and all(isinstance(one, dict) for one in listed[1:]):
        known = protected | set(meaning)
        for kind in types(document):
            if kind not in known and not is_address(kind):
                raise Refused(N_("Jenis %(name)s tidak dijelaskan oleh @context mana pun."), name=kind[:80])
    return str(listed[0])


def _terms(context: Mapping[str, Any], meaning: dict[str, Any], protected: set[str]) -> None:
    """Reads one context that stands in the document itself."""
    for name, value in context.items():
        if name in protected and meaning.get(name, ...) != value:
            raise Refused(N_("@context memberi arti lain kepada kata %(name)s yang dilindungi."), name=name[:80])
        place = value.get("@id") if isinstance(value, dict) else value
        if not name.startswith("@") and not _names(place, context, meaning):
            raise Refused(N_("@context menjelaskan kata %(name)s dengan sesuatu yang bukan alamat."), name=name[:80])
        meaning[name] = value
    if context.get("@protected") is True:
        protected.update(name for name in context if not name.startswith("@"))


def _names(place: object, context: Mapping[str, Any], meaning: Mapping[str, Any]) -> bool:
    if place is None or is_address(place):
        return True
    if not isinstance(place, str) or re.search(r"\s", place):
        return False
    return place.startswith("@") or place in meaning or place in _PROTECTED or "@vocab" in {**meaning, **context}


def _types(document: Document, wanted: str) -> None:
    given = document.get("type")
    if not given or not all(isinstance(kind, str) and kind and not re.search(r"\s", kind) for kind in parts(given)):
        raise Refused(N_("Tidak ada jenis (type) yang benar."))
    if wanted not in types(document):
        raise Refused(N_("Jenisnya (type) harus memuat %(name)s."), name=wanted)


def _own_address(document: Document) -> None:
    if "id" in document and not is_address(document["id"]):
        raise Refused(N_("Alamat dokumen (id) bukan satu alamat yang benar."))


def _issuer(document: Document) -> None:
    if "issuer" not in document:
        return
    issuer = document["issuer"]
    if isinstance(issuer, dict):
        if "id" in issuer and not is_address(issuer["id"]):
            raise Refused(N_("Alamat penerbit (issuer.id) tidak benar."))
        for name in ("name", "description"):
            _words(issuer, name)
    elif not is_address(issuer):
        raise Refused(N_("Penerbit (issuer) harus satu alamat atau satu objek dengan alamat."))


def _subjects(document: Document) -> None:
    found = parts(document.get("credentialSubject"))
    if not found:
        raise Refused(N_("Tidak ada credentialSubject: kredensial ini tidak bercerita tentang siapa pun."))
    for subject in found:
        if not isinstance(subject, dict) or not subject:
            raise Refused(N_("credentialSubject kosong atau bukan objek."))
        if "id" in subject and not is_address(subject["id"]):
            raise Refused(N_("Alamat penerima (credentialSubject.id) bukan satu alamat yang benar."))


def _dates(document: Document, *, first: bool) -> None:
    begins, ends = ("issuanceDate", "expirationDate") if first else ("validFrom", "validUntil")
    start, end = moment(document, begins), moment(document, ends)
    if first and start is None:
        raise Refused(N_("Tidak ada tanggal terbit (issuanceDate)."))
    if start and end and end < start:
        raise Refused(N_("Masa berlakunya berakhir sebelum dimulai."))


def _typed(document: Document, *, first: bool) -> None:
    for name in _TYPED:
        for part in parts(document.get(name)) if document.get(name, ...) is not None else [None]:
            _typed_part(name, part, placed=name in (_PLACED_FIRST if first else _PLACED))


def _typed_part(name: str, part: object, *, placed: bool) -> None:
    if not isinstance(part, dict) or not types(part):
        raise Refused(N_("Bagian %(name)s tidak punya jenis (type)."), name=name)
    if ("id" in part or placed) and not is_address(part.get("id")):
        raise Refused(N_("Bagian %(name)s tidak punya alamat (id) yang benar."), name=name)
    if "BitstringStatusListEntry" in types(part):
        index = part.get("statusListIndex")
        counted = isinstance(index, int) or (isinstance(index, str) and index.isascii() and index.isdecimal())
        if not counted or not is_address(part.get("statusListCredential")) or not part.get("statusPurpose"):
            raise Refused(N_("Bagian credentialStatus tidak menunjuk ke satu tempat dalam daftar status."))


def _related(document: Document) -> None:
    """Other things that are bound to the credential by their digests."""
    seen: set[str] = set()
    for part in parts(document.get("relatedResource")):
        place = part.get("id") if isinstance(part, dict) else None
        if not is_address(place) or place in seen or not (part.get("digestSRI") or part.get("digestMultibase")):
            raise Refused(N_("Bagian relatedResource harus punya alamat sendiri-sendiri dan sidik (digest)."))
        seen.add(str(place))


def _words(document: Document, name: str) -> None:
    """A text, or one for each language."""
    for words in parts(document.get(name)):
        if isinstance(words, str):
            continue
        if not isinstance(words, dict) or not isinstance(words.get("@value"), str):
            raise Refused(N_("Bagian %(name)s bukan teks."), name=name)
        if set(words) - {"@value", "@language", "@direction"}:
            raise Refused(N_("Bagian %(name)s memuat lebih dari teks, bahasa, dan arah tulisan."), name=name)


def _proof(proof: Document) -> None:
    """The shape of an embedded proof; whether it is true needs the whole of JSON-LD, which is not done here."""
    kinds, method = types(proof), proof.get("verificationMethod")
    moment(proof, "created")
    if "DataIntegrityProof" in kinds and not isinstance(proof.get("cryptosuite"), str):
        raise Refused(N_("Bukti (proof) tidak menyebut caranya (cryptosuite)."))
    named = method.get("id") if isinstance(method, dict) else method
    if not isinstance(named, str) or not is_address(named) or not named.startswith(("https:", "http:", "did:", "urn:")):
        raise Refused(N_("Bukti (proof) tidak menunjuk ke kunci dengan alamat https atau did."))
    if proof.get("proofPurpose") not in ("assertionMethod", "authentication"):
        raise Refused(N_("Bukti (proof) dibuat untuk maksud lain, bukan untuk menyatakan isi ini."))
    curve = str(proof.get("cryptosuite", "")).startswith("eddsa") or "Ed25519Signature2020" in kinds
    if curve and not (isinstance(proof.get("proofValue"), str) and _BASE58.fullmatch(proof["proofValue"])):
        raise Refused(N_("Isi bukti (proofValue) bukan tanda tangan Ed25519."))


def walked(value: Any) -> Iterator[tuple[str, Any]]:
    """Every part of a document with the name it stands under; the items of lists have the name of their list."""
    todo = [("", value)]
    while todo:
        name, here = todo.pop()
        yield name, here
        if isinstance(here, dict):
            todo += here.items()
        elif isinstance(here, list):
            todo += ((name, item) for item in here)
