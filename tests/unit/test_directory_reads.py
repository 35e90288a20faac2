"""What one request reads of the store: what cannot change meanwhile is read once."""

import pytest

from bot.controller.model import Key, Resource
from tests.attacks.two_channels import TwoChannels


def test_the_job_of_a_model_is_read_once_in_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = TwoChannels().inside().directory
    [model, *_] = directory.models()
    store, read = directory._store, list[Key]()
    get = store.get

    def counted(key: Key) -> Resource | None:
        read.append(key)
        return get(key)

    monkeypatch.setattr(store, "get", counted)
    known = len(directory._held_out)
    directory._held_out.clear()
    for _ in range(3):
        assert directory.sees_model(model)
    assert known > 0
    assert read == [Key("job", model.job_id)]
