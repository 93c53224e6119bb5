-- The search in plain SQL reads words in all ways in which they may be written, as the index of version 2 holds them:
-- a break within a Chinese word, Wi-Fi and wifi, 3,000 and 3000, C++17.

DROP VIEW search;

-- Search with a stock SQLite and nothing of ours loaded. The query is a JSON string:
-- SELECT posted_at, author, thread, words, url FROM search WHERE q = '"淘宝 -广告"' ORDER BY rank LIMIT 20.
-- Words are joined by AND; OR, -word, NOT, "words in a row" (with \" in JSON) and word* as in discuz-archive search; no
-- brackets, and no filters but SQL's own. Steps: characters; words; folded words; their characters with kind; writings
-- (0 as typed, without single breaks; 1 with every gap; 2 without gaps and signs in words); tokens.
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
  kana(i, c, inside, gap, w, before, after) AS (
    SELECT i, c, inside, gap, w, lag(c) OVER (ORDER BY i), lead(c) OVER (ORDER BY i) FROM numbered
  ),
  words(w, word, folded, is_quoted, first) AS (
    SELECT w, group_concat(c, ''), group_concat(n, ''), max(inside), min(i) FROM (
      SELECT w, i, kana.c AS c, inside, CASE
        WHEN EXISTS (SELECT 1 FROM posts_fts_charmap AS p WHERE p.c = before || kana.c) THEN ''
        ELSE coalesce(pair.n, m.n, lower(kana.c)) END AS n
      FROM kana LEFT JOIN posts_fts_charmap AS m ON m.c = kana.c
        LEFT JOIN posts_fts_charmap AS pair ON pair.c = kana.c || after
      WHERE NOT gap ORDER BY i
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
  beside(w, i, c, k, prior, next, of) AS (
    SELECT w, i, c, k, lag(c, 1, '') OVER p, lead(c, 1, '') OVER p, sum(k > 0) OVER p
    FROM kinds WINDOW p AS (PARTITION BY w ORDER BY i)
  ),
  measured(w, i, c, k, is_of_piece, piece, left_k, right_k, signs, others, lines) AS (
    SELECT w, i, c, k, is_of_piece, sum(NOT is_of_piece) OVER (PARTITION BY w ORDER BY i),
      max(k) OVER gap, max(k) OVER (PARTITION BY w ORDER BY of GROUPS BETWEEN 1 FOLLOWING AND 1 FOLLOWING),
      sum(k = 0) OVER gap, sum(k = 0 AND c NOT IN (' ', char(9), char(10), char(13))) OVER gap, sum(c = char(10)) OVER gap
    FROM (
      SELECT *, c GLOB '[a-z0-9.@/:-]' OR (c = ',' AND prior GLOB '[0-9]' AND next GLOB '[0-9]') AS is_of_piece
      FROM beside
    ) WINDOW gap AS (PARTITION BY w, of)
  ),
  in_pieces(w, i, c, k, is_of_piece, is_gap, is_break, text) AS (
    SELECT w, i, c, k, is_of_piece, k = 0 AND left_k = 1 AND right_k = 1,
      k = 0 AND left_k = 1 AND right_k = 1 AND others = 0 AND (signs = 1 OR lines = 1),
      trim(group_concat(CASE WHEN is_of_piece THEN c ELSE '' END, '') OVER (PARTITION BY w, piece ORDER BY i
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), '.@/:-')
    FROM measured
  ),
  flags(w, i, c, k, is_gap, is_break, is_joint) AS (
    SELECT w, i, c, k, is_gap, is_break, is_of_piece AND length(text) <= 24 AND c = CASE
      WHEN text GLOB '[1-9]*,*' AND printf('%,d', replace(substr(text, 1, instr(text || '.', '.') - 1), ',', ''))
        = substr(text, 1, instr(text || '.', '.') - 1)
        AND substr(text, instr(text || '.', '.') + 1) NOT GLOB '*[^0-9]*' THEN ','
      WHEN text GLOB '[a-z]*-*' AND text NOT GLOB '*[^a-z0-9-]*' AND text NOT GLOB '*--*'
        AND length(text) - length(replace(text, '-', '')) <= 2 THEN '-'
      WHEN text GLOB '[a-z]*.[a-z][a-z]*' AND replace(text, '.', '') NOT GLOB '*[^a-z0-9]*'
        AND length(text) - length(replace(text, '.', '')) = 1
        AND substr(text, instr(text, '.') + 1) NOT GLOB '*[^a-z]*'
        AND length(text) - instr(text, '.') BETWEEN 2 AND 4 THEN '.'
      WHEN text GLOB '[a-z].[a-z]' OR text GLOB '[a-z].[a-z].[a-z]' OR text GLOB '[a-z].[a-z].[a-z].[a-z]'
        OR text GLOB '[a-z].[a-z].[a-z].[a-z].[a-z]' THEN '.'
      ELSE '' END
    FROM in_pieces
  ),
  written(w, v, i, c, k) AS (
    SELECT w, way, i, c, k FROM flags CROSS JOIN (SELECT 0 AS way UNION ALL SELECT 1 UNION ALL SELECT 2)
    WHERE k > 0 OR CASE way WHEN 0 THEN NOT is_break WHEN 1 THEN 1 ELSE NOT (is_gap OR is_joint) END
  ),
  around(w, v, i, c, k, before, after, next, last) AS (
    SELECT w, v, i, c, CASE k WHEN 5 THEN 1 ELSE k END, lag(CASE k WHEN 5 THEN 1 ELSE k END) OVER p,
      lead(CASE k WHEN 5 THEN 1 ELSE k END) OVER p, lead(c) OVER p,
      max(CASE WHEN k THEN i END) OVER (PARTITION BY w, v)
    FROM written WINDOW p AS (PARTITION BY w, v ORDER BY i)
  ),
  runs(w, v, i, c, k, run) AS (
    SELECT w, v, i, c, k, sum(k <> coalesce(before, 0)) OVER (PARTITION BY w, v ORDER BY i) FROM around
  ),
  tokens(w, v, i, token, is_open) AS (
    SELECT w, v, i, c || next, 0 FROM around WHERE k = 1 AND after = 1
    UNION ALL SELECT w, v, i, c, i = last FROM around WHERE k = 1 AND after IS NOT 1 AND (i < last OR before IS NOT 1)
    UNION ALL SELECT w, v, i, c, 0 FROM around WHERE k = 4
    UNION ALL SELECT w, v, min(i), group_concat(c, ''), 0 FROM (SELECT * FROM runs WHERE k IN (2, 3) ORDER BY w, v, i)
      GROUP BY w, v, run
  ),
  writings(w, phrase) AS (
    SELECT w, '"' || group_concat(token, ' ') || '"'
      || CASE WHEN max(is_open) OR (SELECT is_prefix FROM choices WHERE choices.w = t.w) THEN ' *' ELSE '' END
    FROM (SELECT * FROM tokens ORDER BY w, v, i) AS t GROUP BY w, v
  ),
  phrases(w, phrase) AS (
    SELECT w, '(' || group_concat(phrase, ' OR ') || ')' FROM (SELECT DISTINCT w, phrase FROM writings) GROUP BY w
  ),
  sign_pieces(w, i, c, piece) AS (
    SELECT w, i, c, sum(c NOT GLOB '[a-z0-9.+#]') OVER (PARTITION BY w ORDER BY i) FROM chars
  ),
  with_signs(w, text, head, rest) AS (
    SELECT w, text, substr(text, 1, length(text) - length(ltrim(text, 'abcdefghijklmnopqrstuvwxyz0123456789'))),
      ltrim(text, 'abcdefghijklmnopqrstuvwxyz0123456789')
    FROM (SELECT w, rtrim(group_concat(c, ''), '.') AS text FROM (
      SELECT * FROM sign_pieces WHERE c GLOB '[a-z0-9.+#]' ORDER BY w, i) GROUP BY w, piece)
  ),
  signs(w, sign) AS (
    SELECT w, text FROM with_signs WHERE text GLOB '[.#]?*' AND substr(text, 2) NOT GLOB '*[^a-z0-9]*'
    UNION ALL SELECT w, head || substr(rest, 1, length(rest) - length(ltrim(rest, '+'))) FROM with_signs
      WHERE head GLOB '[a-z]*' AND rest GLOB '++*' AND ltrim(rest, '+') NOT GLOB '[#]*'
    UNION ALL SELECT w, head || '#' FROM with_signs WHERE head GLOB '[a-z]*' AND rest GLOB '[#]*'
      AND rest NOT GLOB '?[+#]*'
  ),
  signed(w, phrase) AS (
    SELECT w, '"' || replace(replace(replace(sign, '.', '．'), '+', '＋'), '#', '＃') || '"' FROM signs
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
