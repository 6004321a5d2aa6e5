"""What `flask certificate read-badge` says of a badge that somebody brings, however it is carried."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.certificate import badge, credentials, keys, lifecycle
from tests.builders import NOON
from tests.certificate.cast import certified, writing
from tests.certificate.test_badge import credential, forgeries, part
from tests.certificate.test_credentials import in_picture


@pytest.mark.sqlite
def test_the_server_says_what_it_thinks_of_a_badge(app: Flask, db: Session, sari: FlaskClient, tmp_path: Path) -> None:
    made = certified(app, db, sari.person)  # type: ignore[attr-defined]
    token, file = credential(db, made), tmp_path / "credential.jwt"
    ask = app.test_cli_runner().invoke

    def said(document: str | bytes) -> tuple[int, str]:
        file.write_bytes(document if isinstance(document, bytes) else document.encode())
        answer = ask(args=["certificate", "read-badge", str(file)])
        return answer.exit_code, answer.output

    drawn = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
    carried = (token, f"\ufeff{token}\n", in_picture(token),
               f'{drawn}<openbadges:credential verify="{token}"></openbadges:credential></svg>')  # fmt: skip
    for document in carried:
        code, words = said(document)
        assert code == 0 and "Kami yang menandatanganinya" in words and "Status: sah" in words
    code, words = said(forgeries(app, token)["payload ('name',)"])
    assert code == 1 and words.startswith("Ditolak.") and "mengaku dari kami" in words
    with writing(app) as session:
        lifecycle.revoke(session, made.code, "Salah orang.", None, NOON)
    for document in carried:
        code, words = said(document)
        assert code == 1 and "Status: dicabut" in words


@pytest.mark.sqlite
def test_a_presentation_of_a_forged_badge_is_refused_like_the_badge(app: Flask, db: Session, sari: FlaskClient) -> None:
    token = credential(db, certified(app, db, sari.person))  # type: ignore[attr-defined]
    ours = credentials.Ours(badge.issuer_at(app.config["BASE_URL"]), lambda one: keys.read(app.config, one))
    plain = {name: value for name, value in part(token, 1).items() if name not in ("iss", "jti", "sub", "nbf", "exp")}
    context = ["https://www.w3.org/ns/credentials/v2"]

    def presented(inside: dict[str, Any]) -> credentials.Judged:
        shown = {"@context": context, "type": ["VerifiablePresentation"], "verifiableCredential": [inside]}
        return credentials.read(json.dumps(shown), NOON, ours)

    def enveloped(one: str) -> dict[str, Any]:
        return {"@context": context, "type": ["EnvelopedVerifiableCredential"], "id": f"data:application/vc+jwt,{one}"}

    assert presented(enveloped(token)).form == "presentasi W3C" and not presented(enveloped(token)).refused
    forged = forgeries(app, token)["payload ('name',)"]
    for issuer in (ours.issuer, ours.issuer.upper(), f"{ours.issuer}/", f"{ours.issuer}#x"):
        named = {**plain, "issuer": {**plain["issuer"], "id": issuer}}
        for judged in (presented(named), credentials.read(json.dumps(named), NOON, ours)):
            assert "mengaku dari kami" in judged.refused, issuer
    assert "mengaku dari kami" in presented(enveloped(forged)).refused
