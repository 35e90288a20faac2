"""``/tune dataset``."""

from bot.access import allowed
from bot.derivations.cards import DatasetCard
from handlers.arguments import expect, words
from handlers.commands.compare import compared
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.lookup import find
from handlers.picker import which_dataset

USAGE = "/tune dataset NAME [vs NAME]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show one dataset with its versions, or compare two."""
    asked = words(invocation.text)
    if len(asked) == 3 and asked[1].lower() in ("vs", "vs."):
        return compared(invocation, context, asked[0], asked[2])
    if not asked:
        return which_dataset(context, "dataset {}", USAGE)
    expect(asked, 1, USAGE)
    dataset = find(context, asked[0])
    datasets = context.services.datasets
    return show(
        DatasetCard(
            dataset=dataset,
            versions=tuple(datasets.versions(dataset.name)),
            parent=datasets.find(dataset.parent[:12], dataset.parent_name) if dataset.parent else None,
            link=context.links.to(dataset.source.channel, dataset.source.ts),
            is_theirs=allowed(
                lambda: context.services.access.check_owning(invocation.user, dataset.source.user)
            ),
        )
    )


COMMAND = Command(
    name="dataset",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.DATA,
    summary="One dataset: verdict, versions, origin, and what can be done with it",
    details=(
        "NAME is the file's name without its ending, or the version's ID, as `/tune datasets` shows both. "
        "`NAME vs NAME` compares two, the earlier one first."
    ),
    example="/tune dataset claims",
    run=run,
)
