# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.note import (
    MOST_SIGNATURES,
    Note,
    NoteError,
    Signature,
    Signer,
    Verifier,
    add_signatures,
    open_note,
    parse,
    sign_note,
)
from process.secret import Secret

# The example of https://c2sp.org/signed-note, section "Verifier keys": made by an implementation that is not ours.
SPECIFIED_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPECIFIED_NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SIGNER = Signer("log.example/eerste", Secret(bytes(range(32))))
OTHER = Signer("log.example/tweede", Secret(bytes(range(1, 33))))
TEXT = "een tekst\n\nmet een lege regel\n"


def test_the_example_of_the_specification_opens() -> None:
    assert open_note(SPECIFIED_NOTE, [Verifier.from_vkey(SPECIFIED_VKEY)]) == "This is an example message.\n"
    assert Verifier.from_vkey(SPECIFIED_VKEY).vkey == SPECIFIED_VKEY


def test_the_specification_s_first_example_parses_though_nobody_knows_its_key() -> None:
    note = (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
    )
    assert parse(note).text.endswith("\n\ned è subito sera.\n")
    assert str(parse(note)) == note


def test_what_we_sign_verifies_with_ed25519_alone() -> None:
    note = sign_note(TEXT, [SIGNER])
    text, line = note.rsplit("\n\n", 1)
    _dash, name, encoded = line.strip().split(" ")
    signature = base64.b64decode(encoded)
    public = base64.b64decode(SIGNER.verifier.vkey.split("+", 2)[2])[1:]
    assert signature[:4] == sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], (text + "\n").encode())


def test_a_note_signed_by_two_opens_for_either() -> None:
    note = sign_note(TEXT, [SIGNER, OTHER])
    assert open_note(note, [SIGNER.verifier]) == open_note(note.encode(), [OTHER.verifier]) == TEXT


def test_a_signature_of_a_stranger_is_ignored() -> None:
    note = add_signatures(sign_note(TEXT, [SIGNER]), [Signature("vreemd", b"abcd", b"x" * 99)])
    assert open_note(note, [SIGNER.verifier]) == TEXT


def test_adding_a_signature_twice_adds_it_once() -> None:
    note = sign_note(TEXT, [SIGNER])
    signature = OTHER.sign(TEXT)
    once = add_signatures(note, [signature])
    assert add_signatures(once, [signature]) == once == sign_note(TEXT, [SIGNER, OTHER])


def test_nobody_trusted_means_nothing_opens() -> None:
    with pytest.raises(NoteError, match="bekende sleutels"):
        open_note(sign_note(TEXT, [SIGNER]), [])


def test_a_note_of_another_signer_does_not_open() -> None:
    with pytest.raises(NoteError, match="bekende sleutels"):
        open_note(sign_note(TEXT, [OTHER]), [SIGNER.verifier])


def test_a_changed_text_does_not_open() -> None:
    with pytest.raises(NoteError, match="klopt niet"):
        open_note(sign_note(TEXT, [SIGNER]).replace("tekst", "test"), [SIGNER.verifier])


def test_one_false_signature_of_a_known_key_condemns_the_note() -> None:
    good, bad = SIGNER.sign(TEXT), OTHER.sign("iets anders\n")
    with pytest.raises(NoteError, match="tweede"):
        open_note(str(Note(TEXT, (good, bad))), [SIGNER.verifier, OTHER.verifier])


GOOD = sign_note("tekst\n", [SIGNER])
LINE = GOOD.split("\n\n")[1]
BAD_NOTES = {
    "empty": "",
    "no_signature": "tekst\n",
    "no_blank_line": "tekst\n" + LINE,
    "no_final_newline": GOOD[:-1],
    "carriage_returns": GOOD.replace("\n", "\r\n"),
    "control_character_in_text": GOOD.replace("tekst", "te\x00kst"),
    "tab_in_text": GOOD.replace("tekst", "te\tkst"),
    "hyphen_for_em_dash": GOOD.replace("—", "-"),
    "two_spaces": GOOD.replace("— ", "—  "),
    "name_with_plus": GOOD.replace("log.example", "log+example"),
    "name_with_unicode_space": GOOD.replace("log.example", "log\u00a0example"),
    "base64_without_padding": GOOD[:-2] + "\n",
    "base64_with_stray_bits": GOOD[:-3] + "B=\n",
    "signature_too_short": "tekst\n\n— naam YWJjZA==\n",
    "text_after_signatures": GOOD + "meer\n",
    "too_many_signatures": "tekst\n\n" + LINE * (MOST_SIGNATURES + 1),
    "too_large": "t" * 300_000 + GOOD,
    "half_surrogate": GOOD.replace("tekst", "\ud800"),
}


@pytest.mark.parametrize("name", BAD_NOTES)
def test_a_note_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        open_note(BAD_NOTES[name], [SIGNER.verifier])


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(NoteError, match="UTF-8"):
        parse(b"\xff" + GOOD.encode())


def test_sixteen_signatures_are_accepted_as_the_specification_demands() -> None:
    signers = [Signer(f"w{n}.example", Secret(bytes([n + 1]) + bytes(range(31)))) for n in range(16)]
    assert len(parse(sign_note(TEXT, signers)).signatures) == 16


@pytest.mark.parametrize("text", ["geen nieuwe regel", "bel\x07\n", "\r\n"])
def test_a_text_that_cannot_stand_in_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError, match="nieuwe regel"):
        sign_note(text, [SIGNER])


def test_nothing_is_signed_by_nobody() -> None:
    with pytest.raises(NoteError, match="zonder handtekening"):
        sign_note(TEXT, [])


def test_a_signing_key_is_read_back_from_its_text() -> None:
    assert Signer.from_skey(SIGNER.skey).verifier == SIGNER.verifier
    assert SIGNER.skey.reveal().startswith(b"PRIVATE+KEY+log.example/eerste+")


BAD_KEYS = {
    "not_a_key": "PRIVATE+KEY+x",
    "public_key_given": SIGNER.verifier.vkey,
    "id_of_another_key": SIGNER.skey.reveal().decode().replace(SIGNER.verifier.key_id.hex(), "00000000"),
    "name_of_another_key": SIGNER.skey.reveal().decode().replace("eerste", "tweede"),
    "one_repeated_byte": "PRIVATE+KEY+n+00000000+" + base64.b64encode(b"\x01" + b"a" * 32).decode(),
    "another_algorithm": "PRIVATE+KEY+n+00000000+" + base64.b64encode(b"\x02" + bytes(range(32))).decode(),
    "too_short": "PRIVATE+KEY+n+00000000+" + base64.b64encode(b"\x01" + bytes(range(31))).decode(),
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_a_bad_signing_key_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(NoteError) as caught:
        Signer.from_skey(Secret(BAD_KEYS[name].encode()))
    assert BAD_KEYS[name][-20:] not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        SPECIFIED_VKEY.replace("530d903a", "530d903b"),
        SPECIFIED_VKEY.replace("530d903a", "530D903A"),
        SPECIFIED_VKEY.replace("/foo", "/bar"),
        SPECIFIED_VKEY[:-4],
        SPECIFIED_VKEY.replace("+Aek", "+Bek"),
    ],
)
def test_a_bad_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        Verifier.from_vkey(vkey)


def test_a_signing_key_does_not_print() -> None:
    assert SIGNER.skey.reveal().decode() not in repr(SIGNER)
    assert "Secret(***)" in repr(SIGNER)
