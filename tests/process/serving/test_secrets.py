# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
import stat
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from process.serving.errors import SettingsError
from process.serving.secrets import read_secret, write_secret

STRONG = bytes(range(32))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "geheim"


def written(file: Path, value: bytes, mode: int = 0o600) -> Path:
    file.unlink(missing_ok=True)
    file.write_bytes(value)
    file.chmod(mode)
    return file


def test_what_was_written_is_read_back(file: Path) -> None:
    write_secret(file, STRONG)
    assert read_secret(file).reveal() == STRONG


def test_a_final_newline_is_part_of_the_secret(file: Path) -> None:
    assert read_secret(written(file, STRONG + b"\n")).reveal() == STRONG + b"\n"


def test_a_written_secret_is_for_its_owner_only_whatever_the_umask(file: Path) -> None:
    before = os.umask(0)
    try:
        write_secret(file, STRONG)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_folder_made_for_a_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    write_secret(tmp_path / "nieuw" / "geheim", STRONG)
    assert stat.S_IMODE((tmp_path / "nieuw").stat().st_mode) == 0o700


def test_an_existing_secret_is_never_overwritten(file: Path) -> None:
    write_secret(file, STRONG)
    with pytest.raises(FileExistsError):
        write_secret(file, STRONG[::-1])
    assert read_secret(file).reveal() == STRONG


def test_a_missing_secret_is_refused(file: Path) -> None:
    with pytest.raises(SettingsError, match="is er niet"):
        read_secret(file)


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        read_secret(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])
def test_a_secret_that_others_can_reach_is_refused(file: Path, mode: int) -> None:
    with pytest.raises(SettingsError, match="chmod 600"):
        read_secret(written(file, STRONG, mode))


WEAK = {
    "empty": b"",
    "a_byte_short": STRONG[:-1],
    "one_byte_repeated": b"\x00" * 32,
    "seven_different_bytes": bytes(range(7)) * 10,
    "long_and_the_same": b"a" * 4096,
}


@pytest.mark.parametrize("value", WEAK.values(), ids=WEAK.keys())
def test_a_weak_secret_is_refused(file: Path, value: bytes) -> None:
    with pytest.raises(SettingsError, match="te zwak"):
        read_secret(written(file, value))


def test_who_asks_says_how_long_a_secret_must_be(file: Path) -> None:
    written(file, b"wachtwoord12")
    assert read_secret(file, minimum=12).reveal() == b"wachtwoord12"
    with pytest.raises(SettingsError, match="13 willekeurige bytes"):
        read_secret(file, minimum=13)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.binary(min_size=1, max_size=31))
def test_a_refusal_never_repeats_the_secret(file: Path, value: bytes) -> None:
    marked = b"GEHEIM" + value[:20]
    with pytest.raises(SettingsError) as refused:
        read_secret(written(file, marked))
    assert "GEHEIM" not in str(refused.value)


NOBODY = 65534
LISTS: dict[str, tuple[list[tuple[int, int, int]], bool]] = {
    # tag, permissions, number: owner 1, named user 2, group of the owner 4, named group 8, mask 16, others 32
    "what_systemd_gives_a_service": ([(2, 4, os.geteuid())], True),
    "another_user": ([(2, 4, NOBODY)], False),
    "this_user_and_another": ([(2, 4, os.geteuid()), (2, 4, NOBODY)], False),
    "a_named_group": ([(2, 4, os.geteuid()), (8, 4, NOBODY)], False),
    "the_group_of_the_owner": ([(2, 4, os.geteuid()), (4, 4, 0xFFFFFFFF)], False),
    "others": ([(2, 4, os.geteuid()), (32, 4, 0xFFFFFFFF)], False),
}


@pytest.mark.skipif(sys.platform != "linux", reason="POSIX access control lists of Linux")
@pytest.mark.parametrize("name", LISTS)
def test_where_there_is_an_access_list_it_says_who_can_read_a_secret(tmp_path: Path, name: str) -> None:
    listed, good = LISTS[name]
    path = tmp_path / "secret"
    write_secret(path, os.urandom(32))
    all_ones = 0xFFFFFFFF
    nobody = [(tag, 0, all_ones) for tag in (4, 32) if tag not in {entry[0] for entry in listed}]
    entries = sorted([(1, 6, all_ones), (16, 4, all_ones), *nobody, *listed])
    content = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(path, "system.posix_acl_access", content)
    except OSError:
        pytest.skip("this file system has no access control lists")
    assert path.stat().st_mode & 0o040
    if good:
        assert read_secret(path)
    else:
        with pytest.raises(SettingsError, match="chmod 600"):
            read_secret(path)
