"""Writes the .meta file of every file and folder of the Unity package: `python write_metas.py`.

A GUID is made from the path, so that it is the same on every machine and references between assets last.
"""

import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parent / "com.facebridge.unity"

SCRIPT = """MonoImporter:
  externalObjects: {}
  serializedVersion: 2
  defaultReferences: []
  executionOrder: 0
  icon: {instanceID: 0}
  userData:
  assetBundleName:
  assetBundleVariant:
"""

PLAIN = """{importer}:
  externalObjects: {{}}
  userData:
  assetBundleName:
  assetBundleVariant:
"""

PLUGIN = """PluginImporter:
  externalObjects: {{}}
  serializedVersion: 2
  iconMap: {{}}
  executionOrder: {{}}
  defineConstraints: []
  isPreloaded: 0
  isOverridable: 0
  isExplicitlyReferenced: 0
  validateReferences: 1
  platformData:
  - first:
      Any:
    second:
      enabled: 0
      settings: {{}}
  - first:
      Editor: Editor
    second:
      enabled: {editor}
      settings:
        CPU: {editor_cpu}
        DefaultValueInitialized: true
        OS: {system}
  - first:
      Standalone: {target}
    second:
      enabled: 1
      settings:
        CPU: {cpu}
  userData:
  assetBundleName:
  assetBundleVariant:
"""

PLUGINS = {  # folder of a native library: the editor's system and processor, the player's target and processor
    "win-x64": {"editor": 1, "system": "Windows", "editor_cpu": "x86_64", "target": "Win64", "cpu": "x86_64"},
    "mac": {"editor": 1, "system": "OSX", "editor_cpu": "AnyCPU", "target": "OSXUniversal", "cpu": "AnyCPU"},
    "linux-x64": {"editor": 1, "system": "Linux", "editor_cpu": "x86_64", "target": "Linux64", "cpu": "x86_64"},
}

IMPORTERS = {".asmdef": "AssemblyDefinitionImporter", ".md": "TextScriptImporter", ".txt": "TextScriptImporter"}


def imported(package: Path = PACKAGE) -> list[Path]:
    """Every file and folder Unity imports: not those hidden from it by a point before or a tilde after their name."""
    paths = sorted(package.rglob("*"))
    return [path for path in paths if path.suffix != ".meta" and not _hidden(path.relative_to(package))]


def meta(path: Path, package: Path = PACKAGE) -> str:
    """What the .meta file of `path` holds."""
    name = path.relative_to(package).as_posix()
    guid = hashlib.md5(f"com.facebridge.unity/{name}".encode(), usedforsecurity=False).hexdigest()
    folder = "folderAsset: yes\n" if path.is_dir() else ""
    return f"fileFormatVersion: 2\nguid: {guid}\n{folder}{_importer(path)}"


def meta_path(path: Path) -> Path:
    """Where the .meta file of `path` is."""
    return path.with_name(path.name + ".meta")


def write(package: Path = PACKAGE) -> None:
    """Write them all, and take away those whose file is gone."""
    assets = imported(package)
    for path in assets:
        meta_path(path).write_text(meta(path, package), "utf-8", newline="\n")
    due = {meta_path(path) for path in assets}
    for path in package.rglob("*.meta"):
        if path not in due:
            path.unlink()


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part.endswith("~") for part in path.parts)


def _importer(path: Path) -> str:
    if path.suffix == ".cs":
        return SCRIPT
    if path.name == "package.json":
        return PLAIN.format(importer="PackageManifestImporter")
    if path.parent.name in PLUGINS and path.is_file() and path.suffix != ".txt":
        return PLUGIN.format(**PLUGINS[path.parent.name])
    return PLAIN.format(importer=IMPORTERS.get(path.suffix, "DefaultImporter"))


if __name__ == "__main__":
    write()
