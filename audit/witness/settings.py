# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What a witness must be told."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from audit.note import NoteError, Verifier
from audit.openssl import OpensslVerifier
from process.serving.settings import ProcessSettings


class WitnessSettings(ProcessSettings):
    """Settings of a witness; environment names start with SIGNAALREGISTER_WITNESS_."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="SIGNAALREGISTER_WITNESS_")

    profile: str = Field(
        "getuige",
        description="Een getuige opent geen grondslagen; alleen in 'oefening' is zijn klok te verzetten.",
    )
    signing_key: Path = Field(
        description="Bestand met de geheime sleutel van de getuige, gemaakt door 'witness keygen'."
    )
    state: Path = Field(
        description="Bestand (SQLite) met wat het laatst is bevestigd, gemaakt door 'witness keygen'. Zet nooit een oude kopie terug."
    )
    logs: tuple[str, ...] = Field(
        min_length=1,
        description="Openbare sleutels (vkey) van de logboeken waarvan dit een getuige is. Ze komen langs een andere weg dan van het logboek zelf.",
    )

    @field_validator("logs")
    @classmethod
    def _keys_of_logs(cls, logs: tuple[str, ...]) -> tuple[str, ...]:
        for one in logs:
            try:
                Verifier.from_vkey(one)
            except NoteError as error:
                raise ValueError(str(error)) from error
        return logs

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """The keys of the logs, which check by OpenSSL: whoever asks a witness has it check."""
        return tuple(OpensslVerifier.from_vkey(one) for one in self.logs)
