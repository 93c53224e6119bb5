"""The bounds that keep a search quick, however common its words and however large the archive.

Whatever they cut is said in the answer, by `Matches.is_total_exact` or a notice.
"""

EXACT_MATCHES = 10_000
"""So many matches are ranked all: FTS5's bm25 takes half a microsecond for each."""
ORDERED_MATCHES = 200
"""So many of the best at least are put in the order of their times where they are about as good."""
RANKED_MATCHES = 600
"""Of more matches so many are read and ranked, the newest."""
RANKED_CHECKED = 100
"""The same where more must be read to find them: with filters, single characters,
beginnings of common words."""
RANKED_IN_SMALL = 1_500
"""The same in an archive of at most SCANNED_POSTS."""
COUNTED_MATCHES = 5_000
"""So many matches are counted where they need not be ranked."""
LISTED_MATCHES = 30_000
"""So many matches are listed to look posts up among them; of more, each post is asked for
by itself."""
FEW_MATCHES = 600
"""So many matches are sorted, or read and ranked, at once."""
SMALL_POSTS = 500
"""Where there are, or filters leave, so few posts, the bounds do not matter."""
SCANNED_POSTS = 6_000
"""Posts that SQLite looks through for single characters."""
READ_POSTS = 2_000
"""Posts scanned for what is expensive to ask of the index, before it is asked for that."""
