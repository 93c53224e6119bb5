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
SOME_POSTS = 200
"""So many posts are read and ranked where none has all words of a query."""

LARGE_POSTS = 60_000
"""In an archive of more posts each one that is read is most likely a page of the file that
lies elsewhere, and must come from the disk. There these bounds hold, by which a search reads
some three hundred pages at most:"""
LISTED_TO_RANK = 200
"""So many matches are read to be ranked."""
LISTED_TO_FILTER = 300
"""So many matches are read where filters leave some of them only: more months would have to
be asked for a page."""
LISTED_AT_ONCE = 200_000
"""So many matches are listed, once for a search, of what is expensive to ask of the index:
some 8 MB."""
LISTED_IN_LARGE = 160
"""So many matches are read to be put in the order of time."""
RANKED_IN_LARGE = 30
"""Of more so many are read and ranked, the newest."""
SOME_IN_LARGE = 30
"""So many posts are read where none has all words of a query."""
TITLED_IN_LARGE = 30
"""Beside them so many that have the words in their title, the last of the file."""
LAST_NUMBERS = 1_720_000
"""The last of the file with some words are looked for among so many numbers."""
READ_IN_LARGE = 400
"""Posts scanned for what is expensive to ask of the index, or very common."""
SCANNED_IN_LARGE = 5_000
"""Posts that SQLite looks through for single characters, where they lie on as many pages."""
CHECKED_IN_LARGE = 60
"""Of posts that match in the index, so many are read for that."""
SAMPLED_IN_LARGE = 20
"""Of those, so many tell whether it is worth it."""
FITTING_SHARE = 0.35
"""It is where so large a part of them fits."""
FREQUENT_NAME = 0.25
"""Where so large a part of as many matches has the name that is asked for, posts are read for
it; a rarer one is looked for in the index on names."""
COMMON_SHARE = 0.06
"""Words in a larger share of the posts are looked for in the newest posts, not in the
index."""

HUGE_POSTS = 3_000_000
"""In an archive of more posts the lists of common words are hundreds of pages, and those of
all pairs that a character begins take a quarter of a second at each question. There less is
counted, and more posts are read before the index is asked for a character:"""
COMMON_IN_HUGE = 0.007
"""See COMMON_SHARE."""
COUNTED_IN_HUGE = 600
"""So many matches are counted."""
RANKED_IN_HUGE = 20
"""See RANKED_IN_LARGE."""
TITLED_IN_HUGE = 15
"""See TITLED_IN_LARGE."""
LISTED_IN_HUGE = 250
"""So many matches are read: to find the newest of them by the lists of their months takes
longer."""
WALKED_FOR_ONE = 5_000
"""So many posts by time may lie between two matches that are looked for among them."""
CHECKED_IN_HUGE = 500
"""Of posts that match in the index, so many are read for a character."""
SAMPLED_IN_HUGE = 33
"""Of those, so many tell whether it is worth it."""
FITTING_IN_HUGE = 0.08
"""It is where so large a part of them fits."""
