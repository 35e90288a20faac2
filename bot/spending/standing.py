"""Whether whoever has a plan in their care may still spend: asked again right before each thing that is bought.

Between a press and what it buys there may be hours: a job waits in line, an approver takes a day, office hours go on
for weeks. Who may no longer spend starts nothing more by then; what runs goes on, and what AWS was asked for already
is followed. It is decided anew, by somebody who may.
"""

from bot.access import Access
from bot.errors import NotAllowed
from bot.wording import Person, Said, wording

MEND = (
    "Somebody who may spend here can plan it again. What else waits can be given to them: `/tune handover`."
)
"""What mends it, for whoever may spend no longer."""


def why_not(access: Access, holder: str, channel: str) -> Said:
    """Return why nothing is bought for whoever has the plan in their care; empty: they may still spend.

    Raises:
        Misconfigured, Unavailable: Slack does not say what they are: nothing is bought meanwhile.
    """
    try:
        access.check_spending(holder, channel)
    except NotAllowed:
        return wording("I started nothing: ", Person(holder), " may not spend here any more.")
    return ""
