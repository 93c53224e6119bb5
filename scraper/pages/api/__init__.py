"""The mobile plugin's JSON (`api/mobile/index.php`, versions 1 to 5): its values, and each
module's answer.

Imports `core`, `addresses` and `markup`. Open `thread.py` first, and `values.py` for what
PHP's JSON is like.
"""
