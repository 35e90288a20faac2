"""``tunesmith manifest``: the app's manifest for api.slack.com, made from the code."""

import json
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("manifest")(command)


def command(
    http: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="For HTTP instead of Socket Mode: where Slack reaches the bot, https://…"
        ),
    ] = None,
) -> None:
    """Print the app's manifest: paste it at api.slack.com/apps, *Create New App*, *From a manifest*."""
    from handlers import manifest as slack_manifest

    if http is not None and not http.startswith("https://"):
        raise typer.BadParameter("Slack calls only https:// addresses", param_hint="--http")
    built = slack_manifest.build("http", http) if http else slack_manifest.build("socket", None)
    print(json.dumps(built, indent=2, ensure_ascii=False))
