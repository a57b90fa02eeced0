# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Files that are there whole or not at all; that a kill at any step leaves nothing else is shown in tests/register/municipal/test_enrolling.py."""

import os
import stat
from pathlib import Path

import pytest

from process.serving.files import unfinished, write_new, write_over


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    write_new(tmp_path / "map" / "een", b"eerst")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "map" / "een", b"later")
    assert (tmp_path / "map" / "een").read_bytes() == b"eerst"
    assert names(tmp_path / "map") == ["een"]


def test_what_a_killed_attempt_left_is_no_obstacle_and_is_gone_afterwards(tmp_path: Path) -> None:
    unfinished(tmp_path / "een").write_bytes(b"half")
    write_new(tmp_path / "een", b"heel", mode=0o600)
    assert (tmp_path / "een").read_bytes() == b"heel"
    assert stat.S_IMODE((tmp_path / "een").stat().st_mode) == 0o600
    assert names(tmp_path) == ["een"]


def test_other_content_keeps_permissions_and_links(tmp_path: Path) -> None:
    (tmp_path / "elders").mkdir()
    real, link = tmp_path / "elders" / "een", tmp_path / "een"
    write_new(real, b"eerst")
    real.chmod(0o640)
    link.symlink_to(real)
    write_over(link, b"later")
    assert link.is_symlink()
    assert real.read_bytes() == b"later"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_file_that_is_not_there_is_not_made_by_changing_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_over(tmp_path / "een", b"iets")
    assert names(tmp_path) == []


def test_two_writers_of_one_file_at_the_same_moment_do_not_touch_each_other_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, first = os.fsync, [True]

    def between(descriptor: int) -> None:
        """While the one writes, the other does all of its writing."""
        if first.pop() if first else False:
            write_new(tmp_path / "een", b"same", writer=other)
        really(descriptor)

    monkeypatch.setattr("process.serving.files.os.fsync", between)
    other = "B"
    write_new(tmp_path / "een", b"same", writer="A")
    assert [path.name for path in tmp_path.iterdir()] == ["een"]
    assert (tmp_path / "een").read_bytes() == b"same"
    # Under one name they would.
    (tmp_path / "een").unlink()
    first.append(True)
    other = "A"
    with pytest.raises(FileNotFoundError):
        write_new(tmp_path / "een", b"same", writer="A")
