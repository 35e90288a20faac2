"""``/tune rename``: a dataset or a model is called otherwise from now on."""

from bot.directory.renaming import DATASET, MODEL
from bot.errors import Refused
from bot.wording import quoted
from handlers.arguments import words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.picker import which_of_theirs
from handlers.ui.forms.rename import renamed_words
from handlers.views import rename

USAGE = "/tune rename NAME [NEW]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Rename; without the new name, open the form that takes it."""
    asked = words(invocation.text)
    if not asked:
        return which_of_theirs(context, USAGE)
    what = asked[0].lower() if len(asked) > 1 and asked[0].lower() in (DATASET, MODEL) else ""
    if what and (len(asked) > 2 or asked[1].lower() != "to"):
        asked = asked[1:]
    else:
        what = ""
    if len(asked) == 3 and asked[1].lower() == "to":
        asked = [asked[0], asked[2]]
    if not 1 <= len(asked) <= 2:
        raise Refused("Which one, and what is it to be called?", hint=f"Write it as {quoted(USAGE)}.")
    if len(asked) == 1:
        return rename.open_form(invocation, context, asked[0], what)
    return say(renamed_words(context.services.renaming.rename(asked[0], asked[1], what)))


COMMAND = Command(
    name="rename",
    usage=USAGE,
    who=Who.OWNER,
    task=Task.DATA,
    summary="Give a dataset or a model another name",
    details=(
        "For whoever owns it, or the operator. A model's former names find it as well, and Bedrock goes on calling it "
        "as it was made. Of a dataset every version gets the new name; give its ID instead to rename one. If a model "
        "and a dataset share a name, write `/tune rename model NAME NEW`."
    ),
    example="/tune rename claims-20261129 claims-router",
    run=run,
)
