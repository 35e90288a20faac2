"""What one request reads of the store: what cannot change meanwhile is read once."""

from collections.abc import Sequence

import pytest

from bot.controller.model import Key, Resource
from tests.attacks.two_channels import INSIDER, MODEL, PRIVATE, TwoChannels


def test_the_job_of_a_model_is_read_once_in_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = TwoChannels().inside().directory
    [model, *_] = directory.models()
    store, read = directory._store, list[Key]()
    get = store.get

    def counted(key: Key) -> Resource | None:
        read.append(key)
        return get(key)

    monkeypatch.setattr(store, "get", counted)
    known = len(directory._made_by)
    directory._made_by.clear()
    for _ in range(3):
        assert directory.sees_model(model)
    assert known > 0
    assert read == [Key("job", model.job_id)]


def test_what_runs_is_read_of_all_kinds_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    house = TwoChannels()
    store, read = house.world.store, list[list[str]]()
    of_kind = store.of_kind

    def counted(
        kinds: Sequence[str], limit: int = 1000, *, unfinished: bool = False
    ) -> dict[str, list[Resource]]:
        assert unfinished, "what is over is nothing that runs"
        read.append(list(kinds))
        return {kind: [each for each in of_kind(kind, limit) if not each.done] for kind in kinds}

    def one_by_one(kind: str, limit: int = 1000) -> list[Resource]:
        pytest.fail(f"{kind} is read by itself")

    monkeypatch.setattr(store, "of_kinds", counted)
    monkeypatch.setattr(store, "of_kind", one_by_one)
    house.door.command("status", user_id=INSIDER, channel_id=PRIVATE)
    assert MODEL in house.door.said
    assert read == [["lease", "deployment", "schedule", "job", "distillation"]]
