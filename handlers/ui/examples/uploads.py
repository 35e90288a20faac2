"""Files that could not be read, and what was changed in one."""

from decimal import Decimal

from bot.datasets.model import Verdict
from bot.datasets.repairs import RepairStep, RepairSummary
from bot.datasets.repairs.changes import ChangeSummary, Dropped, Example
from bot.uploads.cards import RepairedCard, ScreeningBegun, ScreeningEnded, UploadProblem, WaitsInLine
from handlers.ui.example_values import CONTENT_KEY, EMPTY, LONG_NAME, TOO_FEW, TRAINER, report
from handlers.ui.examples import Examples

_STEPS = (
    RepairStep("strip-byte-order-mark", "Removed a byte-order mark.", 1),
    RepairStep("drop-blank-lines", "Dropped 2 blank lines.", 2),
    RepairStep("lower-roles", "Lowered the roles in 1 row.", 1),
    RepairStep("lift-system-turn", "Moved the system prompt in 5 rows.", 5),
    RepairStep("drop-unknown-keys", "Dropped unknown keys in 1 row: source.", 1, ("source",)),
)
_CHANGES = ChangeSummary(
    (
        Example("lower-roles", 35, '{"messages": [{"role": "USER", …', '{"messages": [{"role": "user", …'),
        Example(
            "lift-system-turn",
            4,
            '{"messages": [{"role": "system", "content": "You route health-insurance claims. Read the note and …',
            '{"system": "You route health-insurance claims. Read the note and …", "messages": [{"role": "user", …',
        ),
        Example("drop-unknown-keys", 8, '… "source": "intake-2026-10"}', "… }"),
    ),
    (Dropped("drop-blank-lines", 2, (21, 46)),),
    10,
)

EXAMPLES: Examples = {
    "repair, done": RepairedCard(
        "claims.jsonl", "claims.repaired.jsonl", RepairSummary(_STEPS, 66, 64), "", TRAINER, _CHANGES, "claims.diff"
    ),
    "repair, in part": RepairedCard(
        f"{LONG_NAME}.jsonl", f"{LONG_NAME}.repaired.jsonl", RepairSummary(_STEPS[1:2], 66, 64), "", TRAINER,
        ChangeSummary((), (Dropped("drop-blank-lines", 2, (21, 46)),), 2), "", ready=False,
        left=report(Verdict.BLOCKED, EMPTY, TOO_FEW, CONTENT_KEY),
    ),
    "repair, copy not posted": RepairedCard(
        "claims.jsonl", "claims.repaired.jsonl", RepairSummary(_STEPS, 66, 64),
        "I lack the scope `files:write`. Add it, and install me anew.", TRAINER, _CHANGES, again="0123456789ab",
    ),
    "upload, cannot be read": UploadProblem(
        "claims.jsonl", "The file is empty. Send it again with what is to be learned in it.", TRAINER
    ),
    "upload, repair failed": UploadProblem(
        f"{LONG_NAME}.jsonl", "Slack did not answer while I fetched the file. Try again in a minute.", TRAINER,
        "0123456789ab",
    ),
    "upload, waits in line": WaitsInLine(3),
    "upload, screening": ScreeningBegun("claims-guardrail", 1_000, 64_000, 2_412, Decimal("1.81")),
    "upload, screened": ScreeningEnded("The guardrail `claims-guardrail` found nothing in 1,000 rows: $1.81."),
}  # fmt: skip
