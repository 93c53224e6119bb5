# PyInstaller's hook: commands, forms and pages are found in their folders, and some say what
# they are by their source.
from PyInstaller.utils.hooks import collect_data_files, collect_submodules


def is_for_all(name):
    """Not what needs a cluster."""
    return not name.startswith("archive.corpus")


hiddenimports = collect_submodules("archive", filter=is_for_all)
hiddenimports += ["fastwarc", "fastwarc._fastwarc"]  # has modules that lie in no file
datas = collect_data_files("archive")
module_collection_mode = "pyz+py"
