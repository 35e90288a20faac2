"""What is kept of a run in which something was wrong: who wants to know why needs more than the verdict."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._scale_fleet import Fleet
from storage import backup
from storage.keys import Keys
from tests.chaos.harness.waiting import PREFIX

FOLDER = Path("out/scale")


def keep(fleet: Fleet) -> Path:
    """Keep the processes' log, what Slack saw, and the store as it stands; return the folder."""
    folder = FOLDER / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    shutil.copy(fleet.log, folder / "bot.log")
    with (folder / "slack.jsonl").open("w", encoding="utf-8") as lines:
        for each in fleet.slack.log.entries():
            lines.write(json.dumps(vars(each), ensure_ascii=False, default=str) + "\n")
    backup.back_up(fleet.raw, Keys(PREFIX), folder / "store.json.gz", datetime.now(UTC))
    return folder
