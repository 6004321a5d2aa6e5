"""What came into a paper with its signature: nothing but that, or words that are not ours.

A signature over the whole file also covers what was appended before it, so whatever a reader would show anew is looked
at: our bytes may gain one revision, and in it only what signing programs write.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

from app.certificate.validation import Invalid
from app.exchange import safe_xml

# What a signature adds to the catalog; how it looks and what it opens stays ours.
_GAINED = {"/AcroForm", "/Metadata", "/Extensions", "/Version", "/DSS", "/Perms"}
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_STAMPED = {"/ModDate", "/Producer"}
_ACTS = {"/A", "/AA", "/PA"}
_FORM = {"/Fields", "/SigFlags", "/DA", "/DR", "/Q"}


class Changed(Invalid):
    """The file is not what was sent with a signature added."""


def only_signed(unsigned: bytes, signed: bytes) -> None:
    """Raises Changed unless the signed file shows what the unsigned one does, and a signature."""
    try:
        _compare(unsigned, signed)
    except (Changed, MemoryError):
        raise
    except Exception as error:
        # The library raises whatever a broken file makes it stumble over.
        raise Changed(f"unreadable: {error}") from error


def _compare(unsigned: bytes, signed: bytes) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    if not signed.startswith(unsigned):
        raise Changed("not our bytes")
    # Readers disagree about files with more than one way to their end.
    if signed.count(b"startxref", len(unsigned)) != 1:
        raise Changed("not one revision more")
    # The library says no types of some of what is asked here.
    old: Any = PdfFileReader(BytesIO(unsigned), strict=True)
    new: Any = PdfFileReader(BytesIO(signed), strict=True)
    count = old.xrefs.total_revisions
    if new.xrefs.total_revisions != count + 1 or new.xrefs.hybrid_xrefs_present:
        raise Changed("not one revision more")
    if new.xrefs.get_startxref_for_revision(count - 1) != old.xrefs.get_startxref_for_revision(count - 1):
        raise Changed("the revision does not follow ours")
    if _plain(new.trailer.raw_get("/Root")) != _plain(old.trailer.raw_get("/Root")) or "/Encrypt" in new.trailer:
        raise Changed("another catalog")
    pages = [page.reference for page in _raw(old.root["/Pages"]["/Kids"])]
    allowed = {(ref.idnum, ref.generation) for ref in (old.root_ref, old.trailer.raw_get("/Info").reference, *pages)}
    size = int(old.trailer["/Size"])
    changed = new.xrefs.explicit_refs_in_revision(count) | new.xrefs.refs_freed_in_revision(count)
    for ref in changed:
        if 0 < ref.idnum < size and (ref.idnum, ref.generation) not in allowed:
            raise Changed(f"object {ref.idnum} was changed")
    _same(old.root, new.root, _GAINED)
    # Readers show the title in their bar, and the holder's name is in it.
    if _plain(new.trailer.raw_get("/Info")) != _plain(old.trailer.raw_get("/Info")):
        raise Changed("another information dictionary")
    _same(old.trailer["/Info"], new.trailer["/Info"], _STAMPED)
    if "/Metadata" in new.root and _titles(new.root["/Metadata"].data) - {str(old.trailer["/Info"]["/Title"])}:
        raise Changed("another title")
    field = _field(new)
    widgets = [
        widget
        for ref in pages
        for widget in _widgets(old.get_object(ref), new.get_object(type(ref)(ref.idnum, ref.generation, new)))
    ]
    if len(widgets) > 1 or any(not _is_of(widget, field) for widget in widgets):
        raise Changed("a page gained more than the signature")


def _titles(metadata: bytes) -> set[str]:
    """What this metadata (XMP) calls the paper; readers prefer that to the title in the information dictionary."""
    found = set[str]()
    for element in safe_xml.parse(metadata).iter():
        found.update(value for name, value in element.items() if name == _TITLE)
        if element.tag == _TITLE:
            found.update(text.strip() for text in element.itertext() if text.strip())
    return found


def _widgets(old: Any, new: Any) -> list[Any]:
    """What this page gained in annotations; all else of it is as it was."""
    _same(old, new, {"/Annots"})
    before, after = (list(_raw(page["/Annots"])) if "/Annots" in page else [] for page in (old, new))
    if _plain_list(after[: len(before)]) != _plain_list(before):
        raise Changed("an annotation was changed")
    return after[len(before) :]


def _field(new: Any) -> Any:
    """The one field of the form, which is the signature's."""
    form = new.root["/AcroForm"]
    fields = list(_raw(form["/Fields"]))
    if set(form) - _FORM or len(fields) != 1 or fields[0].get_object()["/FT"] != "/Sig":
        raise Changed("a form with more than the signature")
    return fields[0]


def _is_of(widget: Any, field: Any) -> bool:
    """Whether this annotation is the signature's, and neither it nor the field does anything when it is touched."""
    found = widget.get_object()
    mine = _plain(widget) == _plain(field) or ("/Parent" in found and _plain(found.raw_get("/Parent")) == _plain(field))
    return mine and found["/Subtype"] == "/Widget" and not _ACTS & {*found, *field.get_object()}


def _same(old: Any, new: Any, free: set[str]) -> None:
    """Raises Changed if these dictionaries differ in more than the free entries."""
    for key in {*old, *new} - free:
        if key not in old or key not in new or _plain(old.raw_get(key)) != _plain(new.raw_get(key)):
            raise Changed(f"{key} was changed")


def _raw(found: Any) -> Iterator[Any]:
    """The entries of an array, with references left as they are."""
    return (found.raw_get(place) for place in range(len(found)))


def _plain_list(found: list[Any]) -> list[Any]:
    return [_plain(one) for one in found]


def _plain(found: Any) -> Any:
    """An object to compare with that of another reader, however it was written."""
    from pyhanko.pdf_utils import generic

    if isinstance(found, generic.IndirectObject):
        return "ref", found.idnum, found.generation
    if isinstance(found, generic.DictionaryObject):
        return {str(key): _plain(found.raw_get(key)) for key in found}
    if isinstance(found, generic.ArrayObject):
        return _plain_list(list(_raw(found)))
    if isinstance(found, (generic.NumberObject, generic.FloatObject)):
        return Decimal(str(found))
    return type(found).__name__, str(found)
