"""A file that comes back counts if it is what we sent and the signature of somebody who may sign, and nothing else."""

from __future__ import annotations

import re
import resource
import signal
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers

from app import clock
from app.certificate import acceptance, layout, limited, pdf, validation
from app.certificate.away import SignerAway
from tests.certificate.authority import PASSWORD, Authority
from tests.certificate.test_layout import a_paper
from tests.signer.service import signed_with


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("official"))


@pytest.fixture(scope="module")
def good(authority: Authority) -> Path:
    return authority.p12()


@pytest.fixture(scope="module")
def paper() -> bytes:
    facts = a_paper()
    return pdf.paint(layout.compose(facts, pdf.measure), facts, "eyJ.abc.def")


@pytest.fixture(scope="module")
def judge(authority: Authority) -> Iterator[limited.Judge]:
    with limited.Judge(str(authority.chain)) as opened:
        yield opened


def why(judge: limited.Judge, paper: bytes, signed: bytes, *wanted: str) -> str:
    return acceptance.judged(judge, wanted, paper, signed, clock.now())[1]


def hand_of(p12: Path) -> signers.SimpleSigner:
    return signers.SimpleSigner.load_pkcs12(str(p12), passphrase=PASSWORD)


def at_once(p12: Path, paper: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The paper with a change and a signature in one revision."""
    writer = IncrementalPdfFileWriter(BytesIO(paper))
    change(writer)
    signed: bytes = signers.sign_pdf(
        writer, signers.PdfSignatureMetadata(field_name="Pejabat"), signer=hand_of(p12)
    ).getvalue()
    return signed


def page_of(writer: IncrementalPdfFileWriter, number: int = 0):
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(number))
    return writer.root["/Pages"]["/Kids"][number]


def other_words(writer: IncrementalPdfFileWriter) -> None:
    words = generic.StreamObject(stream_data=b"BT /F1 30 Tf 100 100 Td (NAMA LAIN) Tj ET")
    page_of(writer)["/Contents"] = writer.add_object(words)


def test_words_changed_before_the_official_signs_are_refused(judge, good, paper):
    writer = IncrementalPdfFileWriter(BytesIO(paper))
    other_words(writer)
    changed = BytesIO()
    writer.write(changed)
    signed = signed_with(good, changed.getvalue())
    assert signed.startswith(paper) and judge.judged(signed, clock.now()).signer == "Penerbit Contoh"
    assert "berubah selain tanda tangan (not one revision more)" in why(judge, paper, signed)


def test_a_file_with_a_second_way_to_its_end_is_refused(judge, good, paper):
    detour = b"startxref\n%s\n%%%%EOF\n" % re.findall(rb"startxref\s+(\d+)", paper)[-1]
    signed = signed_with(good, paper + detour)
    assert judge.judged(signed, clock.now()).signer == "Penerbit Contoh"
    assert "berubah selain tanda tangan" in why(judge, paper, signed)


def other_stream(writer: IncrementalPdfFileWriter) -> None:
    place = page_of(writer).raw_get("/Contents")
    place.get_object()._data = b"BT ET"
    place.get_object()._encoded_data = None
    writer.mark_update(place)


def other_size(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/MediaBox"] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 400, 300)])


def cropped(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer, 1)[generic.pdf_name("/CropBox")] = generic.ArrayObject(
        [generic.NumberObject(n) for n in (0, 0, 400, 300)]
    )


def other_fonts(writer: IncrementalPdfFileWriter) -> None:
    writer.mark_update(page_of(writer)["/Resources"].raw_get("/Font"))


def a_note(writer: IncrementalPdfFileWriter) -> None:
    note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    added = generic.DictionaryObject({generic.pdf_name(key): generic.pdf_name(value) for key, value in note.items()})
    page_of(writer)["/Annots"].append(writer.add_object(added))


def no_links(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/Annots"] = generic.ArrayObject()


def opens_something(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject()
    writer.update_root()


def runs_something(writer: IncrementalPdfFileWriter) -> None:
    names = writer.root.raw_get("/Names")
    names.get_object()["/JavaScript"] = generic.DictionaryObject()
    writer.mark_update(names)


def another_form(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/AcroForm"] = generic.DictionaryObject(
        {generic.pdf_name("/Fields"): generic.ArrayObject(), generic.pdf_name("/XFA"): generic.ArrayObject()}
    )
    writer.update_root()


def a_field_that_acts(writer: IncrementalPdfFileWriter) -> None:
    """Its box, which does nothing, is an object of its own."""
    fields.append_signature_field(writer, fields.SigFieldSpec("Pejabat", box=(10, 10, 200, 60)))
    reference = writer.root["/AcroForm"]["/Fields"].raw_get(0)
    field = reference.get_object()
    box = generic.DictionaryObject({generic.pdf_name("/Parent"): reference})
    for name in ("/Type", "/Subtype", "/Rect", "/F", "/P"):
        box[generic.pdf_name(name)] = field.raw_get(name)
        del field[name]
    kid = writer.add_object(box)
    field[generic.pdf_name("/Kids")] = generic.ArrayObject([kid])
    script = {"/S": generic.pdf_name("/JavaScript"), "/JS": generic.TextStringObject("app.alert(1)")}
    acts = generic.DictionaryObject({generic.pdf_name(key): value for key, value in script.items()})
    field[generic.pdf_name("/AA")] = generic.DictionaryObject({generic.pdf_name("/V"): acts})
    page_of(writer)["/Annots"][-1] = kid


def another_title(writer: IncrementalPdfFileWriter) -> None:
    told = writer.trailer.raw_get("/Info").get_object()
    told[generic.pdf_name("/Title")] = generic.TextStringObject("Sertifikat Nama Lain")
    writer.mark_update(writer.trailer.raw_get("/Info"))


def metadata(writer: IncrementalPdfFileWriter, title: str, *, briefly: bool = False) -> None:
    """What programs write for others, with a title in it."""
    said = f'dc:title="{title}"/>' if briefly else (
        f'><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>'
    )  # fmt: skip
    words = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" {said}</rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    )
    stream = {generic.pdf_name("/Type"): generic.pdf_name("/Metadata"),
              generic.pdf_name("/Subtype"): generic.pdf_name("/XML")}  # fmt: skip
    writer._update_meta = lambda: None  # pyHanko would write its own, with our title
    writer.root[generic.pdf_name("/Metadata")] = writer.add_object(generic.StreamObject(stream, words.encode()))
    writer.update_root()


def title_for_others(writer: IncrementalPdfFileWriter) -> None:
    metadata(writer, "Sertifikat Nama Lain")


def title_in_brief(writer: IncrementalPdfFileWriter) -> None:
    metadata(writer, "Sertifikat Nama Lain", briefly=True)


@pytest.mark.parametrize(
    "change",
    [title_for_others, title_in_brief, another_title, other_words, other_stream, other_size, cropped, other_fonts,
     a_note, no_links, opens_something, runs_something, another_form, a_field_that_acts],
)  # fmt: skip
def test_what_is_changed_with_the_signature_is_refused(judge, good, paper, change):
    signed = at_once(good, paper, change)
    assert signed.startswith(paper) and judge.judged(signed, clock.now()).signer == "Penerbit Contoh"
    assert "berubah selain tanda tangan" in why(judge, paper, signed)


def test_an_honest_signature_counts_however_it_looks(judge, good, paper):
    assert why(judge, paper, signed_with(good, paper)) == ""
    for more, place in (({}, {"box": (10, 10, 200, 60)}), ({}, {"box": (10, 10, 200, 60), "on_page": 1}),
                        ({"certify": True}, {}), ({"subfilter": fields.SigSeedSubFilter.PADES}, {})):  # fmt: skip
        hand = signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name="Pejabat", **more),
            hand_of(good),
            new_field_spec=fields.SigFieldSpec("Pejabat", **place),
        )
        signed = hand.sign_pdf(IncrementalPdfFileWriter(BytesIO(paper))).getvalue()
        assert why(judge, paper, signed) == "", (more, place)
    title = str(PdfFileReader(BytesIO(paper)).trailer["/Info"]["/Title"])
    for briefly in (True, False):
        assert why(judge, paper, at_once(good, paper, partial(metadata, title=title, briefly=briefly))) == ""
    assert why(judge, paper, paper) == "belum ditandatangani"


def test_only_those_count_whose_subjects_are_named(judge, authority, paper):
    signed = signed_with(authority.p12("Warga; Biasa"), paper)
    assert why(judge, paper, signed) == ""
    unseen = signed_with(authority.p12("Kepala\u00a0Dinas\u200b"), paper)
    assert judge.judged(unseen, clock.now()).signer == "Kepala\\C2\\A0Dinas\\E2\\80\\8B"
    assert why(judge, paper, unseen, "CN=Kepala\\C2\\A0Dinas\\E2\\80\\8B") == ""
    assert "tidak ada di SIGNER_SUBJECTS" in why(judge, paper, unseen, "CN=Kepala Dinas")
    told = why(judge, paper, signed, "CN=Pejabat Contoh")
    assert told.endswith("tidak ada di SIGNER_SUBJECTS: CN=Warga\\; Biasa")
    assert why(judge, paper, signed, "CN=Pejabat Contoh", "CN=Warga\\; Biasa") == ""
    assert why(judge, paper, signed, "CN=Warga") and why(judge, paper, signed, "cn=Warga\\; Biasa")


def bomb(paper: bytes, entries: int) -> bytes:
    """Our bytes with an appended table of a few kilobytes that says it has so many entries."""
    before = int(re.findall(rb"startxref\s+(\d+)", paper)[-1])
    root, size = re.findall(rb"/Root (\d+ 0 R)", paper)[-1], int(re.findall(rb"/Size (\d+)", paper)[-1])
    table = zlib.compress(bytes(4 * entries), 9)
    head = (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Index[0 %d]/Prev %d/Root %s/Filter/FlateDecode/Length %d>>\nstream\n"
    )
    filled = head % (size, size + 1, entries, before, root, len(table))
    return paper + filled + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(paper)


def test_a_file_that_takes_too_much_is_refused_and_keeps_no_other(judge, good, paper, monkeypatch):
    assert why(judge, paper, bomb(paper, 60_000_000)) == "terlalu berat untuk diperiksa"
    assert why(judge, paper, signed_with(good, paper)) == "", "the next one is judged by another child"
    child = judge._child
    assert child is not None and resource.prlimit(child.pid, resource.RLIMIT_AS) == (limited._MEMORY,) * 2
    assert why(judge, paper, signed_with(good, paper)) == "" and judge._child is child, "one for many files"
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert why(judge, paper, signed_with(good, paper)) == "", "what ended a child before counts against no file"


def test_a_certificate_whose_name_cannot_be_read_makes_the_signature_invalid(authority, good, paper, monkeypatch):
    def stumbles(_certificate):
        raise ValueError("no name")

    monkeypatch.setattr(validation, "_named", stumbles)
    with pytest.raises(validation.Invalid, match="unreadable: no name"):
        validation.validated(signed_with(good, paper), validation.loaded(authority.chain.read_bytes()))


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGALRM])
def test_a_child_that_the_machine_ends_at_its_first_file_is_our_trouble(judge, good, paper, monkeypatch, ending):
    """Killed for want of memory, or at the end of its time by the clock because others had the processor."""
    judge._end()  # that of the tests before
    started = judge._started

    def killed():
        child = started()
        child.send_signal(ending)
        child.wait()
        return child

    monkeypatch.setattr(judge, "_started", killed)
    with pytest.raises(SignerAway, match="tidak dapat diperiksa"):
        why(judge, paper, signed_with(good, paper))


def test_a_child_that_does_not_start_is_our_trouble_and_no_refusal(tmp_path, good, paper, capfd):
    with (
        limited.Judge(str(tmp_path / "tidak-ada.pem")) as judge,
        pytest.raises(SignerAway, match="tidak dapat diperiksa"),
    ):
        why(judge, paper, signed_with(good, paper))
    assert "tidak-ada.pem" in capfd.readouterr().err, "the log says why"
