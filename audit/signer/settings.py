# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What the signer must be told."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from process.serving.settings import ProxiedSettings


class SignerSettings(ProxiedSettings):
    """Settings of the signer; environment names start with SIGNAALREGISTER_SIGNER_."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="SIGNAALREGISTER_SIGNER_")

    signing_key: Path = Field(
        description="Bestand met de geheime sleutel van het logboek, gemaakt door 'signer keygen'."
    )
    state: Path = Field(
        description="Bestand (SQLite) met wat het laatst is ondertekend, gemaakt door 'signer keygen'. Zet nooit een oude kopie terug."
    )
