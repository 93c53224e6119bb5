-- The search in plain SQL tells where a post was written, as the view post_list does.

DROP VIEW search;

-- Search with a stock SQLite and nothing of ours loaded. The query is a JSON string:
-- SELECT posted_at, author, thread, words, url FROM search WHERE q = '"淘宝 -广告"' ORDER BY rank LIMIT 20.
-- Words are joined by AND; OR, -word, NOT, "words in a row" (with \" in JSON) and word* as in discuz-archive search; no
-- brackets, and no filters but SQL's own. Steps: characters; words; folded words; their characters with kind; tokens.
CREATE VIEW search AS SELECT
  je.json AS q, -- The query, a JSON string: always ask for WHERE q = '"words"'
  l.id AS id, -- Number of the post in this file
  l.site AS site, -- Forum
  l.board AS board, -- Board
  l.thread AS thread, -- Title of the thread
  l.floor AS floor, -- Floor as printed
  l.author AS author, -- Author's name
  l.posted_at AS posted_at, -- When it was posted
  l.location AS location, -- Where the forum says it was written
  substr(l.text, max(1, instr(l.text, je.value) - 20), 80) AS words, -- The post around the words, or its beginning
  l.url AS url, -- Public address of the post, or the nearest that is known
  posts_fts.rank AS rank -- How well it fits: lower is better
FROM json_each AS je
CROSS JOIN posts_fts ON posts_fts MATCH (
  WITH RECURSIVE
  typed(i, c) AS (
    SELECT 1, substr(je.value, 1, 1)
    UNION ALL SELECT i + 1, substr(je.value, i + 1, 1) FROM typed WHERE i < length(je.value)
  ),
  quoted(i, c, mark, inside) AS (
    SELECT i, c, c IN ('"', '“', '”', '＂', '「', '」', '『', '』'),
      sum(c IN ('"', '“', '”', '＂', '「', '」', '『', '』')) OVER (ORDER BY i) % 2 FROM typed
  ),
  gaps(i, c, inside, gap) AS (
    SELECT i, c, inside, mark OR (NOT inside AND (c IN ('(', ')', '（', '）')
      OR unicode(c) BETWEEN 9 AND 13 OR unicode(c) BETWEEN 28 AND 32 OR unicode(c) IN (133, 160, 5760, 12288)
      OR unicode(c) BETWEEN 8192 AND 8202 OR unicode(c) IN (8232, 8233, 8239, 8287))) FROM quoted
  ),
  numbered(i, c, inside, gap, w) AS (SELECT i, c, inside, gap, sum(gap) OVER (ORDER BY i) FROM gaps),
  words(w, word, folded, is_quoted, first) AS (
    SELECT w, group_concat(c, ''), group_concat(n, ''), max(inside), min(i) FROM (
      SELECT w, i, numbered.c AS c, inside, coalesce(m.n, lower(numbered.c)) AS n
      FROM numbered LEFT JOIN posts_fts_charmap AS m ON m.c = numbered.c WHERE NOT gap ORDER BY i
    ) GROUP BY w
  ),
  operators(w, word, folded, is_quoted, is_negative, is_or, is_prefix) AS (
    SELECT w, word, folded, is_quoted,
      (NOT is_quoted AND substr(word, 1, 1) IN ('-', '－')) OR (NOT lag(is_quoted) OVER (ORDER BY w)
        AND lag(word) OVER (ORDER BY w) = 'NOT')
        OR (is_quoted AND substr(je.value, max(first - 2, 1), 1) IN ('-', '－')),
      NOT is_quoted AND word IN ('OR', '|', '||', '｜'),
      NOT is_quoted AND substr(word, -1) IN ('*', '＊')
    FROM words
  ),
  choices(w, word, folded, is_quoted, is_negative, is_or, is_prefix, choice) AS (
    SELECT *, sum(is_or) OVER (ORDER BY w) FROM operators
  ),
  chars(w, i, c, folded) AS (
    SELECT w, 1, substr(folded, 1, 1), folded FROM choices
    WHERE folded <> '' AND (is_quoted OR word NOT IN ('OR', '|', '||', '｜', 'AND', '&', '&&', '＆', 'NOT'))
    UNION ALL SELECT w, i + 1, substr(folded, i + 1, 1), folded FROM chars WHERE i < length(folded)
  ),
  kinds(w, i, c, k) AS (
    SELECT w, i, c, (SELECT kind FROM posts_fts_kinds WHERE first <= unicode(chars.c) ORDER BY first DESC LIMIT 1)
    FROM chars
  ),
  around(w, i, c, k, before, after, next, last) AS (
    SELECT w, i, c, k, lag(k) OVER p, lead(k) OVER p, lead(c) OVER p, max(CASE WHEN k THEN i END) OVER (PARTITION BY w)
    FROM kinds WINDOW p AS (PARTITION BY w ORDER BY i)
  ),
  runs(w, i, c, k, run) AS (
    SELECT w, i, c, k, sum(k <> coalesce(before, 0)) OVER (PARTITION BY w ORDER BY i) FROM around
  ),
  tokens(w, i, token, is_open) AS (
    SELECT w, i, c || next, 0 FROM around WHERE k = 1 AND after = 1
    UNION ALL SELECT w, i, c, i = last FROM around WHERE k = 1 AND after IS NOT 1 AND (i < last OR before IS NOT 1)
    UNION ALL SELECT w, i, c, 0 FROM around WHERE k = 4
    UNION ALL SELECT w, min(i), group_concat(c, ''), 0 FROM (SELECT * FROM runs WHERE k IN (2, 3) ORDER BY w, i)
      GROUP BY w, run
  ),
  phrases(w, phrase) AS (
    SELECT w, '"' || group_concat(token, ' ') || '"'
      || CASE WHEN max(is_open) OR (SELECT is_prefix FROM choices WHERE choices.w = t.w) THEN ' *' ELSE '' END
    FROM (SELECT * FROM tokens ORDER BY w, i) AS t GROUP BY w
  ),
  pieces(w, i, c, piece) AS (
    SELECT w, i, c, sum(c NOT GLOB '[a-z0-9.+#]') OVER (PARTITION BY w ORDER BY i) FROM chars
  ),
  signs(w, sign) AS (
    SELECT w, rtrim(group_concat(c, ''), '.') FROM (SELECT * FROM pieces WHERE c GLOB '[a-z0-9.+#]' ORDER BY w, i)
    GROUP BY w, piece
  ),
  signed(w, phrase) AS (
    SELECT w, '"' || replace(replace(replace(sign, '.', '．'), '+', '＋'), '#', '＃') || '"' FROM signs
    WHERE (sign GLOB '[.#]?*' AND substr(sign, 2) NOT GLOB '*[^a-z0-9]*')
      OR (sign GLOB '[a-z]*' AND rtrim(sign, '+#') NOT GLOB '*[^a-z0-9]*'
        AND (substr(sign, length(rtrim(sign, '+#')) + 1) = '#'
          OR (sign GLOB '*++' AND ltrim(substr(sign, length(rtrim(sign, '+#')) + 1), '+') = '')))
  ),
  asked(w, choice, is_negative, phrase) AS (
    SELECT w, choice, is_negative, '(' || group_concat(phrase, ' AND ') || ')'
    FROM (SELECT w, phrase FROM phrases UNION ALL SELECT w, phrase FROM signed) JOIN choices USING (w) GROUP BY w
  ),
  groups(choice, expression) AS (
    SELECT choice, '((' || group_concat(CASE WHEN NOT coalesce(is_negative, 0) THEN phrase END, ' AND ') || ')'
      || coalesce(' NOT ' || group_concat(CASE WHEN is_negative THEN phrase END, ' NOT '), '') || ')'
    FROM asked GROUP BY choice
  )
  SELECT coalesce(group_concat(expression, ' OR '), '""') FROM groups
)
CROSS JOIN post_list AS l ON l.id = posts_fts.rowid;
