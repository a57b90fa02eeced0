# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where what unlocks a share comes from: a file with a passphrase (such as a systemd credential), or a file with the key of a vault.

It never lies in the folder of what it unlocks: whoever copies that folder would have both.
"""

from pathlib import Path
from typing import Final

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.secrets import read_secret
from pseudonymisation.vault import KEY_BYTES, KeyVault, PassphraseVault, ShareVault

_NEWLINE: Final = b"\n"


def vault_from(
    passphrase_file: Path | None, vault_file: Path | None, *, beside: Path, randomness: Randomness
) -> ShareVault | None:
    """The vault that was set; None when nothing was.

    Args:
        passphrase_file: a passphrase, with or without one newline at the end.
        vault_file: 32 bytes, the key of the software twin of a hardware security module.
        beside: folder of what it unlocks.
        randomness: for what it locks.

    Raises:
        SettingsError: both, or a file that is missing, readable by others or in that folder.
        LockError: a passphrase or key that is too weak.
    """
    if passphrase_file is not None and vault_file is not None:
        raise SettingsError(_("Geef een wachtzin of een kluis, niet allebei."))
    if passphrase_file is not None:
        return PassphraseVault(_passphrase(_apart(passphrase_file, beside)), randomness)
    if vault_file is not None:
        return KeyVault(read_secret(_apart(vault_file, beside), minimum=KEY_BYTES), randomness)
    return None


def _passphrase(path: Path) -> Secret:
    # How strong it is, is for the vault to say: a passphrase is text, not random bytes.
    return Secret(read_secret(path, minimum=1).reveal().removesuffix(_NEWLINE))


def _apart(path: Path, beside: Path) -> Path:
    if path.resolve().is_relative_to(beside.resolve()):
        raise SettingsError(
            _(
                "{pad} ligt in dezelfde map als wat het opent. Leg het ergens anders: wie die map kopieert, heeft anders beide."
            ).format(pad=path)
        )
    return path
