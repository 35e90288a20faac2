"""AWS Secrets Manager: one secret's text."""

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import of_a_setting, translated
from bot.errors import Misconfigured


class SecretsManager:
    """Reads secrets that settings name."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def text(self, secret: str, region: str) -> str:
        """Return what is kept under an ARN or a name; the region counts where the name says none.

        Raises:
            Misconfigured: there is no such secret, or it is to be deleted; no permission
                (`secretsmanager:GetSecretValue`, and `kms:Decrypt` for a key of one's own), or no text in it.
            Unavailable: AWS did not answer.
        """
        parts = secret.split(":")
        where = parts[3] if secret.startswith("arn:") and len(parts) > 3 else region
        missing = (f"There is none of that name in {where}.", "Make it there, or name another.")
        refused = (
            "It cannot be read as it stands.",
            "It may be about to be deleted: Secrets Manager shows it.",
        )
        with of_a_setting(missing, refused), translated("GetSecretValue"):
            found = self._clients.secrets(where).get_secret_value(SecretId=secret).get("SecretString")
        if not found:
            raise Misconfigured("It holds bytes and no text.", hint="Keep the secret as text or as JSON.")
        return str(found)
