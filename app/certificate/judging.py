"""What is said of a file: ours and unchanged, ours of an earlier edition, revoked, changed, or not ours."""

from __future__ import annotations

from dataclasses import dataclass

from app.certificate.models import Certificate, Edition
from app.certificate.validation import Examined


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state`: valid, unproven (ours, but who signed it cannot be traced), superseded, revoked, broken, changed,
    foreign, unreadable, or not known yet: busy, unexamined.

    With the certificate where there is one. `unseen` says that only the SHA-256 was compared, so the file may still be
    looked through.
    """

    state: str
    certificate: Certificate | None = None
    edition: int = 0
    unseen: bool = False
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What was found of the signature in a paper that we gave out, and whose it is.

    `state`: valid, former (valid, by somebody who does not sign for us any more), untraced (whole, but its certificate
    leads to none of our roots), broken, or not looked at: unseen (only its SHA-256 came), busy,
    unchecked.
    """

    state: str
    signer: str = ""


def of_known(
    found: tuple[Certificate, Edition] | None, *, by_digest: bool = False, signature: Signature | None = None
) -> Verdict:
    """The verdict on a paper that we gave out exactly as it is."""
    if found is None:
        return Verdict("foreign", unseen=by_digest)
    certificate, edition = found
    if by_digest and edition.signer != "none":
        signature = Signature("unseen")
    if signature is not None and signature.state == "broken":
        # We kept none like this, so somebody changed our register.
        return Verdict("broken", certificate, edition.version)
    current = edition.version == certificate.version
    state = "revoked" if certificate.revoked_at else "valid" if current else "superseded"
    if state == "valid" and signature is not None and signature.state == "untraced":
        state = "unproven"
    return Verdict(state, certificate, edition.version, signature=signature)


def of_file(seen: Examined, found: tuple[Certificate, Edition] | None) -> Verdict:
    """The verdict on a file whose SHA-256 we do not know.

    We know the SHA-256 of every paper that we gave out, so another file is none of them, whatever its signature says:
    its visible words may be anybody's, the credential in it may be taken from its holder's badge, and others too have
    keys under a public authority.
    """
    if not seen.readable:
        return Verdict("unreadable")
    return Verdict("foreign") if found is None else Verdict("changed", found[0], found[1].version)
