"""What forums answer to scripts: posts by themselves, and the windows of ratings, comments
and voters."""
