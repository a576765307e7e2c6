"""What is there of the published model, and who is enrolled to be drawn by it."""

from pathlib import Path

from bridge.checkup.finding import Finding
from bridge.commands.models import home
from bridge.description import listed
from bridge.quoting import quoted
from generator.arc2face.inventory import Holding, inventory
from generator.arc2face.layout import Folders, folders
from generator.errors import Explained
from generator.face_generator import CARD
from generator.identities import IdentityStore


def release(model: str, base: str = "") -> Finding:
    """The parts in the folder that was named, or in the one where `facebridge models` keeps them."""
    named = Path(model)
    asked = named.is_dir() and not (named / CARD).is_file()
    place = folders(named if asked else home(), Path(base) if base else None)
    holdings = inventory(place)
    if not asked and all(held.state == "missing" for held in holdings):
        return Finding("ok", "not here, and not needed for the compact model")
    faults = [held for held in holdings if held.state != "there"]
    where = f"{place.models} and {place.sd15}"
    if not faults:
        return Finding("ok", f"complete in {where}")
    grade = "fail" if asked and any(held.part.required for held in faults) else "warn"
    return Finding(grade, f"in {where}, {'; '.join(map(_lack, faults))}", _advice(faults, place))


def _lack(held: Holding) -> str:
    """What is not there, and what that means."""
    what = (*held.damaged, *held.missing)[0] if held.state == "incomplete" else f"no {held.part.name}"
    return f"{what}: {held.part.without or 'nothing is drawn'}"


def _advice(faults: list[Holding], place: Folders) -> str:
    names = " ".join(held.part.name for held in faults)
    at = "" if place.models.parent == home() else f" --to {quoted(place.models.parent)}"
    return f"`facebridge models pull {names}{at}`"


def people(folder: Path | None) -> Finding:
    """Everybody in the store, each file opened."""
    store = IdentityStore(folder)
    names, faults = store.names(), []
    for name in names:
        try:
            store.read(name)
        except Explained as error:
            faults.append(str(error))
    if faults:
        return Finding(
            "warn", "; ".join(faults), "enrol them again with --replace, or `facebridge identities remove NAME`"
        )
    if not names:
        return Finding("ok", f"nobody is enrolled in {store.folder}; the compact model has people of its own")
    return Finding("ok", f"{len(names)} enrolled in {store.folder}: {listed(names)}")
