"""``python -m bot``, in which nobody waits long for a turn at Slack."""

from bot.cli import main
from bot.spending import undo
from bot.wiring import base
from tests.hurry import HURRIED, UNDO

if __name__ == "__main__":
    base.RATE_LIMITS = HURRIED  # type: ignore[attr-defined]
    undo.SECONDS = UNDO
    main()
