"""One module for each module of cards: what its cards look like in each state, with values as a team has them.

``./tunesmith gallery`` shows them, and the page's tests measure them. Nothing that serves people imports them.
"""

from collections.abc import Mapping

Examples = Mapping[str, object]
"""By the name of the state (``verdict, needs repair``): the card, or the message where several values make it."""
