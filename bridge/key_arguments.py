"""The options with which a command comes to a server that asks for keys."""

import argparse

from bridge.errors import CommandError
from bridge.keys import ClientKeys, keys_named


def add_key_arguments(parser: argparse.ArgumentParser) -> None:
    keys = parser.add_argument_group("a server that asks for keys (docs/security.md)")
    keys.add_argument("--key", default="", metavar="NAME.key_secret", help="one's own secret key")
    keys.add_argument("--server-key", default="", metavar="SERVER.key", help="the server's public key")


def keys_of(args: argparse.Namespace, server: str | None, option: str) -> ClientKeys | None:
    """The keys named for `server`, which `option` names. CommandError for what does not go together, or is no key."""
    keys = keys_named(args.key, args.server_key)
    if keys and not server:
        raise CommandError(f"--key is for a server that runs already: name it with {option} tcp://HOST:PORT")
    return keys
