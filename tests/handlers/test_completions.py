"""What the page completes is made from the commands."""

from handlers.commands import catalogue
from handlers.help import completions


def test_every_sub_command_is_there_with_its_usage() -> None:
    found = completions(catalogue())

    assert list(found) == ["/tune"]
    assert {each["name"] for each in found["/tune"]} == {
        each.name for each in catalogue() if each.slash == "/tune"
    }
    assert all(each["usage"].startswith(f"/tune {each['name']}") for each in found["/tune"])
    assert all(each["description"] for each in found["/tune"])
