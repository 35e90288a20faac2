import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.scratch import Scratch

KILLED = """
import os, sys
from pathlib import Path
from bot.scratch import Scratch
made = Scratch(Path(sys.argv[1]))
(made.folder / "upload.jsonl").write_text("300 MB")
print(made.folder, flush=True)
os._exit(9)
"""


def test_what_a_killed_process_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, check=False, text=True
    )
    left = Path(ran.stdout.strip())
    assert (left / "upload.jsonl").exists()
    with Scratch(tmp_path) as made:
        assert not left.exists()
        assert [path for path in tmp_path.iterdir() if path.is_dir()] == [made.folder]
    assert list(tmp_path.iterdir()) == []


def test_what_a_living_process_has_in_hand_stays(tmp_path: Path) -> None:
    with Scratch(tmp_path) as one:
        (one.folder / "upload.jsonl").write_text("in hand")
        with Scratch(tmp_path) as other:
            assert other.folder != one.folder
        assert (one.folder / "upload.jsonl").read_text() == "in hand"


def test_what_a_cleaner_of_old_files_has_taken_away_is_there_before_the_next_file(tmp_path: Path) -> None:
    with Scratch(tmp_path / "root") as made:
        shutil.rmtree(tmp_path / "root")
        assert made.free() > 0
        (made.folder / "upload.jsonl").write_text("in hand")
        assert made.folder.stat().st_mode & 0o777 == made.folder.parent.stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "root").iterdir()) == []


def test_nobody_else_can_look_into_it(tmp_path: Path) -> None:
    with Scratch(tmp_path / "root") as made:
        assert made.folder.stat().st_mode & 0o777 == 0o700
        assert made.folder.parent.stat().st_mode & 0o777 == 0o700


def test_removing_it_twice_is_harmless(tmp_path: Path) -> None:
    made = Scratch(tmp_path)
    made.remove()
    made.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_others_can_open_is_closed_to_them_and_one_that_is_somebody_elses_is_not_used(
    tmp_path: Path,
) -> None:
    (tmp_path / "open").mkdir(mode=0o777)
    (tmp_path / "open").chmod(0o777)
    with Scratch(tmp_path / "open"):
        assert (tmp_path / "open").stat().st_mode & 0o777 == 0o700
    (tmp_path / "link").symlink_to(tmp_path / "open")
    with pytest.raises(Misconfigured, match="not a folder of mine"):
        Scratch(tmp_path / "link")
