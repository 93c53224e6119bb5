# PyInstaller's hook: layouts are found in their folders.
from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = collect_submodules("scraper")
datas = collect_data_files("scraper")
module_collection_mode = "pyz+py"
