"""``python -m bot``, in which nobody waits long for a turn at Slack."""

from bot.cli import main
from bot.wiring import base
from tests.hurry import HURRIED

if __name__ == "__main__":
    base.BUDGETS = HURRIED  # type: ignore[attr-defined]
    main()
