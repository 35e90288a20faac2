"""What a model was trained further from: it is seen no wider than that one, and no share of its own goes past it.

Who may ask a model may train it further, and owns what comes of that. What the first was made of is in the second, so
who sees the first is for its own owner to say.
"""

from collections.abc import Callable

from bot.models.model import CustomModel, is_custom
from bot.visibility import Provenance


class TrainedFurther:
    """Looks up what was trained further. Lasts for one request. Every method may raise ``Unavailable``.

    Args:
        made: finds a model by its ARN, a deleted one too.
        provenance_of: where a model came from.
    """

    def __init__(
        self,
        made: Callable[[str], CustomModel | None],
        provenance_of: Callable[[CustomModel], Provenance],
    ) -> None:
        self._made = made
        self._provenance_of = provenance_of
        self._known: dict[str, tuple[Provenance, ...]] = {}

    def of(self, base_arn: str) -> tuple[Provenance, ...]:
        """Return where the custom model of that ARN came from, though it be deleted; nothing for a vendor's base."""
        if not is_custom(base_arn):
            return ()
        if base_arn not in self._known:
            self._known[base_arn] = ()  # whatever is damaged: nothing is made from itself
            model = self._made(base_arn)
            self._known[base_arn] = (self._provenance_of(model),) if model else ()
        return self._known[base_arn]

    def forget(self) -> None:
        """Look anew: a share was changed."""
        self._known = {}
