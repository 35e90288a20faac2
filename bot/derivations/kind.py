"""The durable kind of what is made of stored datasets."""

from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.files import FILES
from bot.derivations.model import SCHEMA, DerivationSpec, DerivationStatus
from bot.derivations.reconciler.derivation import DerivationReconciler
from bot.derivations.reconciler.workshop import DerivationDependencies
from bot.spending.reservation import SPENDING
from bot.uploads.kind import UploadPorts, upload_dependencies
from bot.uploads.screening import SCREEN


def _derivation(ports: UploadPorts) -> Reconciler[DerivationSpec, DerivationStatus]:
    return DerivationReconciler(DerivationDependencies(upload_dependencies(ports), ports.datasets))


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_derivation,
        unaudited="what reading a sample costs stands in the ledger, and what is in a file is nobody's business",
        called=Called("piece of work on a dataset", "pieces of work on datasets"),
        wanted="a stored dataset split, converted, or compared with another",
        done="fetch from S3, work, keep and share what was made, tell it",
        effects=(*OUTBOX, *FILES, SCREEN, *SPENDING),
        when_given_up="Ask for it again when that is mended.",
        is_waited_for=True,
        has_own_words=True,
    ),
)
