# PyInstaller's hook: Datasette imports its own plugins by name and reads its pages.
from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = collect_submodules("datasette")
datas = collect_data_files("datasette")
