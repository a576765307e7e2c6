"""`facebridge keys`: makes and shows the keys with which servers and clients know each other."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bridge.errors import CommandError
from bridge.keys import SECRET, make_pair, read_pair, read_public
from bridge.quoting import quoted

ENGINES = ("unity", "unreal")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    making = actions.add_parser("new", help="make a pair: NAME.key and NAME.key_secret", allow_abbrev=False)
    making.add_argument("name", metavar="NAME", help="whose it is: server, or a client's name")
    making.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="where it goes (this folder)")
    showing = actions.add_parser("show", help="print a public key as the engines' settings take it", allow_abbrev=False)
    showing.add_argument("file", type=Path, metavar="FILE", help="a NAME.key or NAME.key_secret")
    writing = actions.add_parser("export", help="write the key file of an engine's plugin", allow_abbrev=False)
    writing.add_argument("engine", choices=ENGINES, metavar="ENGINE", help=" or ".join(ENGINES))
    writing.add_argument("file", type=Path, metavar=f"NAME{SECRET}", help="the client's own secret key")
    writing.add_argument("--server-key", type=Path, metavar="SERVER.key", help="the server's public key, for unity")
    writing.add_argument("--to", type=Path, required=True, metavar="FILE", help="the file to write; it is secret too")


def run(args: argparse.Namespace) -> int:
    actions: dict[str, Callable[[argparse.Namespace], None]] = {"new": new, "show": show, "export": export}
    actions[args.action](args)
    return 0


def new(args: argparse.Namespace) -> None:
    public, secret = make_pair(args.name, args.to)
    print(f"{quoted(public)}: public, for the others")
    print(f"{quoted(secret)}: secret, for {args.name} alone")


def show(args: argparse.Namespace) -> None:
    print(read_public(args.file).decode())


def export(args: argparse.Namespace) -> None:
    """Unity's file has three lines, the server's public key and both of one's own; Unreal's has the secret key."""
    own = read_pair(args.file)
    keys = [own.secret]
    if args.engine == "unity":
        if args.server_key is None:
            raise CommandError(
                "unity's key file has the server's public key in it: name it with --server-key SERVER.key"
            )
        keys = [read_public(args.server_key), own.public, own.secret]
    try:
        args.to.touch(0o600, exist_ok=False)  # before there is anything to be read in it
        args.to.write_bytes(b"\n".join(keys) + b"\n")
    except FileExistsError:
        raise CommandError(f"{args.to} is there already: choose another name, or delete it") from None
    except OSError as error:
        raise CommandError(f"cannot write {args.to}: {error.strerror or error}") from None
    print(f"{quoted(args.to)}: secret, for {args.engine} on the client's machine")
