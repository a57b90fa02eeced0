# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Cosignatures of witnesses (https://c2sp.org/tlog-cosignature, Ed25519, signature type 0x04) and how many are enough.

A witness vouches for one thing: at this moment, this is the largest tree of this log that it has seen, and it extends every
tree that it saw before. Whoever sees enough cosignatures knows that everybody else sees the same log.

1. What is signed is ``cosignature/v1``, a line ``time N`` (seconds since 1970), and the whole text of the checkpoint. In the
   signature line stand N as 8 bytes, big-endian, and 64 bytes of Ed25519.
2. A key of a witness is of another type than that of a log, also on paper: neither passes for the other. Its name is not
   signed, so a public key belongs to one witness only.
3. ``cosignatures`` counts: lines of unknown keys are ignored, a false line of a known key condemns the whole note, and a
   witness that signed twice is one witness (its latest moment stands). A signature without a moment (0) counts for nothing.
4. ``WitnessPolicy`` says whose cosignatures count and how many are needed: more than half. With half or fewer, two groups
   could each vouch for another log and never meet. A policy without witnesses exists, and says that it proves nothing.

The policy is a file of https://c2sp.org/tlog-policy, of which ``WitnessPolicy.from_text`` reads the part that can say 4.
Left to others: remembering what a witness saw (``audit.witness``), and where witnesses are found.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Self

from audit import ed25519
from audit.canonical import base64_text
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.note import (
    COSIGNATURE,
    SIGNATURE_SIZE,
    NoteError,
    Signature,
    Verifier,
    key_id_of,
    key_parts,
    parse,
    public_half,
    require_key,
    require_seed,
    require_strong,
    require_text,
    secret_key_parts,
    secret_key_text,
    sign_bytes,
)
from process.language import gettext as _
from process.secret import Secret

HEADER = "cosignature/v1"
MOMENT_SIZE = 8
LATEST_MOMENT = 2**63 - 1
MOST_WITNESSES = 32
"""The specification of policies demands at least so many."""

GROUP = "getuigen"
_NONE = "none"
_LABEL = re.compile(r"[^\s#][^\s]{0,99}")
_URL = re.compile(r"https?://[^\s]{1,500}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class QuorumError(ValueError):
    """Too few witnesses cosigned; the message says in Dutch how many did and how many must."""


class PolicyError(ValueError):
    """A policy of witnesses that must not be used; the message says in Dutch why."""


@dataclass(frozen=True)
class Witness:
    """The public half of a witness's key: a name and 32 bytes of Ed25519 public key."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        require_key(self.name, self.public_key)

    def __eq__(self, other: object) -> bool:
        # Whichever way it checks: the key is the same key.
        return isinstance(other, Witness) and (self.name, self.public_key) == (other.name, other.public_key)

    def __hash__(self) -> int:
        return hash((self.name, self.public_key))

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key), the first four bytes."""
        return key_id_of(self.name, COSIGNATURE, self.public_key)

    @property
    def vkey(self) -> str:
        """The key as text: ``NAME+KEYID+BASE64(0x04 ‖ public key)``."""
        return f"{self.name}+{self.key_id.hex()}+{base64_text(COSIGNATURE + self.public_key)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Reads the key.

        Raises:
            NoteError: it is not that of a witness (type 0x04), its id is not that of its key, or anyone can sign with it.
        """
        name, key_id, key = key_parts(vkey.strip(), COSIGNATURE)
        witness = cls(name, key)
        if key_id != witness.key_id.hex():
            raise NoteError(_("het kenmerk in de sleutel hoort niet bij deze sleutel"))
        require_strong(key)
        return witness

    def made(self, signature: Signature) -> bool:
        """True if a signature line claims to be of this key; nothing is verified."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verifies(self, text: str, signature: bytes) -> bool:
        """True if ``signature`` (72 bytes: moment and Ed25519) is this witness's over a checkpoint's text."""
        if len(signature) != MOMENT_SIZE + SIGNATURE_SIZE or _seconds(signature) > LATEST_MOMENT:
            return False
        return self.signed(_message(text, _seconds(signature)), signature[MOMENT_SIZE:])

    def signed(self, message: bytes, signature: bytes) -> bool:
        """True if these 64 bytes of Ed25519 over ``message`` are of this key."""
        return ed25519.verifies(self.public_key, message, signature)


@dataclass(frozen=True)
class Cosigner:
    """A witness's signing key with its name. Its seed never prints."""

    name: str
    seed: Secret

    def __post_init__(self) -> None:
        require_seed(self.seed)
        Witness(self.name, bytes(len(self.seed)))

    @property
    def witness(self) -> Witness:
        """The public half, which checks by OpenSSL: who signs has it."""
        from audit.openssl import OpensslWitness  # noqa: PLC0415 - who only checks need not have it

        return OpensslWitness(self.name, public_half(self.seed))

    @property
    def skey(self) -> Secret:
        """The signing key as text: ``PRIVATE+KEY+NAME+KEYID+BASE64(0x04 ‖ seed)``."""
        return secret_key_text(self.name, self.witness.key_id, COSIGNATURE, self.seed)

    @classmethod
    def from_skey(cls, skey: Secret) -> Self:
        """Reads a signing key.

        Raises:
            NoteError: it is not that of a witness, is weak, or its id is not that of its key. The key is not repeated.
        """
        name, key_id, seed = secret_key_parts(skey, COSIGNATURE)
        cosigner = cls(name, seed)
        if key_id != cosigner.witness.key_id.hex():
            raise NoteError(_("het kenmerk in de sleutel hoort niet bij deze sleutel"))
        return cosigner

    def cosign(self, checkpoint: Checkpoint, moment: datetime) -> Signature:
        """This witness's signature line for a checkpoint without extension lines; see ``cosign_text``."""
        return self.cosign_text(checkpoint.text, moment)

    def cosign_text(self, text: str, moment: datetime) -> Signature:
        """This witness's signature line for the text of a checkpoint, at a moment of whole seconds.

        Only a caller that checked and remembered what the witness saw before may ask for it.

        Raises:
            NoteError: the moment lies before or at the epoch, which stands for no moment at all.
        """
        seconds = (moment - _EPOCH) // timedelta(seconds=1)
        if not 0 < seconds <= LATEST_MOMENT:
            raise NoteError(_("een getuige zet een tijdstip na 1970 bij zijn handtekening"))
        require_text(text)
        signature = sign_bytes(self.seed, _message(text, seconds))
        return Signature(self.name, self.witness.key_id, seconds.to_bytes(MOMENT_SIZE, "big") + signature)


@dataclass(frozen=True)
class Cosignature:
    """Witness ``name`` vouched for a checkpoint, at ``seconds`` since 1970; ``signature`` is the line that says so."""

    name: str
    seconds: int
    signature: Signature


def cosignatures(note: str | bytes, witnesses: Sequence[Witness]) -> tuple[Cosignature, ...]:
    """Who of ``witnesses`` cosigned a note: one for each that did, in the order of ``witnesses``.

    This says nothing of who else signed: the log's own signature is verified by ``open_cosigned``.

    Raises:
        NoteError: the note has another form, or a line that bears the name and id of a witness is not its signature.
    """
    parsed = parse(note)
    found = (_latest(parsed.text, parsed.signatures, witness) for witness in witnesses)
    return tuple(one for one in found if one is not None)


def _latest(text: str, signatures: Iterable[Signature], witness: Witness) -> Cosignature | None:
    own = [one for one in dict.fromkeys(signatures) if witness.made(one)]
    for one in own:
        if not witness.verifies(text, one.signature):
            raise NoteError(_("de handtekening van {naam} klopt niet").format(naam=witness.name))
    # Without a moment a signature says nothing of what the witness saw before.
    own = [one for one in own if _seconds(one.signature) > 0]
    if not own:
        return None
    last = max(own, key=lambda one: _seconds(one.signature))
    return Cosignature(witness.name, _seconds(last.signature), last)


@dataclass(frozen=True)
class PolicyWitness:
    """A witness in a policy: the name by which people know it, its key, and where it can be asked, if anywhere."""

    label: str
    key: Witness
    url: str | None = None

    def __post_init__(self) -> None:
        if _LABEL.fullmatch(self.label) is None or self.label == _NONE:
            raise PolicyError(_("een getuige heet met letters, cijfers, punten en streepjes, en niet 'none'"))
        if self.url is not None and _URL.fullmatch(self.url) is None:
            raise PolicyError(_("het adres van een getuige begint met http:// of https://"))


@dataclass(frozen=True)
class WitnessPolicy:
    """Whose cosignatures count, and how many of them are needed: ``needed`` of ``witnesses``.

    Attributes:
        witnesses: with distinct labels and distinct public keys.
        needed: more than half of them; 0 if and only if there are none, and then nothing was witnessed.
        log: the key of the log that the policy is about, where it says so.
    """

    witnesses: tuple[PolicyWitness, ...] = ()
    needed: int = 0
    log: Verifier | None = None

    def __post_init__(self) -> None:
        total = len(self.witnesses)
        if total > MOST_WITNESSES:
            raise PolicyError(_("meer dan {aantal} getuigen kan niet").format(aantal=MOST_WITNESSES))
        if len({one.label for one in self.witnesses} | {GROUP}) < total + 1:
            raise PolicyError(_("twee getuigen hebben dezelfde naam"))
        if len({one.key.public_key for one in self.witnesses}) < total:
            raise PolicyError(_("twee getuigen hebben dezelfde sleutel en tellen dus als één"))
        if total == 0 and self.needed != 0:
            raise PolicyError(_("zonder getuigen kan er geen handtekening van een getuige nodig zijn"))
        if total > 0 and not total < 2 * self.needed <= 2 * total:
            raise PolicyError(
                _(
                    "van {totaal} getuigen moet meer dan de helft tekenen, en niet {nodig}: anders kan elke helft iets anders "
                    "bevestigen"
                ).format(totaal=total, nodig=self.needed)
            )

    @property
    def keys(self) -> tuple[Witness, ...]:
        """The keys of all witnesses, in the policy's order."""
        return tuple(one.key for one in self.witnesses)

    @property
    def text(self) -> str:
        """The policy in its one spelling (https://c2sp.org/tlog-policy): sorted, without comments."""
        return self._spelled(urls=True)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over ``text`` without addresses, as 64 hexadecimal digits.

        Two people who compare it know that the same cosignatures count for both, wherever each finds the witnesses.
        """
        return sha256(self._spelled(urls=False).encode()).hexdigest()

    def _spelled(self, *, urls: bool) -> str:
        log = [] if self.log is None else [f"log {self.log.vkey}"]
        if not self.witnesses:
            return "\n".join((*log, f"quorum {_NONE}", ""))
        witnesses = sorted(self.witnesses, key=lambda one: one.label)
        lines = [_witness_line(one, url=urls) for one in witnesses]
        group = " ".join(("group", GROUP, str(self.needed), *(one.label for one in witnesses)))
        return "\n".join((*log, *lines, group, f"quorum {GROUP}", ""))

    @classmethod
    def from_text(cls, text: str | bytes) -> Self:
        """Reads a policy file: at most one log, witnesses, one group of all of them with a number, and the quorum.

        Raises:
            PolicyError: another form, a key of another type, or a rule that is satisfied by half or fewer.
        """
        reader = _PolicyReader()
        for number, line in enumerate(_policy_lines(text), start=1):
            words = line.strip(" \t").replace("\t", " ").split(" ")
            try:
                reader.read([word for word in words if word])
            except (NoteError, PolicyError) as error:
                raise PolicyError(_("regel {nummer}: {reden}").format(nummer=number, reden=error)) from error
        return cls(tuple(reader.witnesses), reader.needed(), reader.log)


NOBODY = WitnessPolicy()
"""No witnesses yet: every checkpoint satisfies it, and that proves nothing."""


@dataclass(frozen=True)
class Witnessed:
    """A checkpoint with those witnesses of a policy that cosigned it.

    Attributes:
        checkpoint: signed by the log.
        by: the cosignatures that count, one for each witness.
        policy: the policy by which they count.
    """

    checkpoint: Checkpoint
    by: tuple[Cosignature, ...]
    policy: WitnessPolicy

    @property
    def enough(self) -> bool:
        """True if the quorum is met. Without witnesses there is no quorum, so never."""
        return bool(self.policy.witnesses) and len(self.by) >= self.policy.needed

    @property
    def signed(self) -> tuple[str, ...]:
        """The labels of the witnesses that cosigned."""
        return tuple(
            one.label
            for one in self.policy.witnesses
            if any(one.key.made(cosignature.signature) for cosignature in self.by)
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels of the witnesses that did not."""
        return tuple(one.label for one in self.policy.witnesses if one.label not in self.signed)

    def require(self) -> None:
        """Returns only if the quorum is met; a policy of nobody asks nothing.

        Raises:
            QuorumError: too few witnesses cosigned.
        """
        if self.policy.witnesses and not self.enough:
            raise QuorumError(
                _("{aantal} van de {totaal} getuigen tekenden, en {nodig} zijn er nodig").format(
                    aantal=len(self.by), totaal=len(self.policy.witnesses), nodig=self.policy.needed
                )
            )


def open_cosigned(note: str | bytes, log: Verifier, policy: WitnessPolicy) -> Witnessed:
    """The checkpoint in a note that the log signed, and which witnesses of ``policy`` cosigned it.

    Whether that is enough, the caller asks with ``Witnessed.require``: showing "1 of 2" and refusing are both right somewhere.

    Raises:
        NoteError: the note is not a checkpoint of this log, or a signature of a known key fails.
    """
    checkpoint = open_checkpoint(note, log)
    return Witnessed(checkpoint, cosignatures(note, policy.keys), policy)


def read_cosignatures(lines: Iterable[Signature], checkpoint: Checkpoint, witness: Witness) -> Signature:
    """The cosignature of one witness among lines that came by themselves, over ``checkpoint``.

    Raises:
        NoteError: there is none of this witness, one is false, or it bears no moment.
    """
    found = _latest(checkpoint.text, lines, witness)
    if found is None:
        raise NoteError(
            _("er is geen handtekening van {naam} met een tijdstip bij").format(naam=witness.name)
        )
    return found.signature


class _PolicyReader:
    """Collects the lines of a policy file. A group and a quorum may name only what came before."""

    def __init__(self) -> None:
        self.witnesses: list[PolicyWitness] = []
        self.log: Verifier | None = None
        self._group: tuple[str, int] | None = None
        self._quorum: int | None = None

    def read(self, words: Sequence[str]) -> None:
        match words:
            case []:
                return
            case [comment, *_rest] if comment.startswith("#"):
                return
            case ["log", vkey] | ["log", vkey, _]:
                self._read_log(vkey)
            case ["witness", label, vkey, *url] if len(url) <= 1:
                self._read_witness(label, vkey, url[0] if url else None)
            case ["group", name, number, *members]:
                self._read_group(name, number, members)
            case ["quorum", name]:
                self._read_quorum(name)
            case _:
                raise PolicyError(_("deze regel kennen we niet"))

    def needed(self) -> int:
        if self._quorum is None:
            raise PolicyError(_("de regel 'quorum' ontbreekt"))
        return self._quorum

    def _read_log(self, vkey: str) -> None:
        if self.log is not None:
            raise PolicyError(_("deze regels gaan over één logboek"))
        self.log = Verifier.from_vkey(vkey)

    def _read_witness(self, label: str, vkey: str, url: str | None) -> None:
        if label in self._names():
            raise PolicyError(_("de naam {naam} is al gebruikt").format(naam=label))
        self.witnesses.append(PolicyWitness(label, Witness.from_vkey(vkey), url))

    def _read_group(self, name: str, number: str, members: Sequence[str]) -> None:
        if name == _NONE or name in self._names():
            raise PolicyError(_("de naam {naam} is al gebruikt").format(naam=name))
        if self._group is not None:
            raise PolicyError(_("er is één groep, met alle getuigen erin; groepen in groepen lezen we niet"))
        if sorted(members) != sorted(one.label for one in self.witnesses) or not members:
            raise PolicyError(_("in de groep staan niet precies alle getuigen van de regels erboven"))
        self._group = (name, _threshold(number, len(members)))

    def _read_quorum(self, name: str) -> None:
        if self._quorum is not None:
            raise PolicyError(_("er is één regel 'quorum'"))
        if name == _NONE:
            self._quorum = 0
        elif self._group is not None and name == self._group[0]:
            self._quorum = self._group[1]
        elif name in {one.label for one in self.witnesses}:
            self._quorum = 1
        else:
            raise PolicyError(_("de naam {naam} staat in geen regel erboven").format(naam=name))

    def _names(self) -> set[str]:
        group = set() if self._group is None else {self._group[0]}
        return {one.label for one in self.witnesses} | group


def _witness_line(witness: PolicyWitness, *, url: bool) -> str:
    address = [witness.url] if url and witness.url else []
    return " ".join(("witness", witness.label, witness.key.vkey, *address))


def _threshold(number: str, members: int) -> int:
    if number == "all":
        return members
    if number == "any":
        return 1
    if not (number.isascii() and number.isdecimal()) or number.startswith("0") or len(number) > 3:
        raise PolicyError(_("het aantal in een groep is een getal, 'all' of 'any'"))
    return int(number)


def _policy_lines(text: str | bytes) -> list[str]:
    try:
        content = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise PolicyError(_("het bestand is geen geldige UTF-8")) from error
    if any((ord(one) < 0x20 and one not in "\t\n") or one == "\x7f" for one in content):
        raise PolicyError(_("in het bestand staan stuurtekens"))
    return content.split("\n")


def _message(text: str, seconds: int) -> bytes:
    return f"{HEADER}\ntime {seconds}\n{text}".encode()


def _seconds(signature: bytes) -> int:
    return int.from_bytes(signature[:MOMENT_SIZE], "big")
