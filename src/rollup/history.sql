-- duban roll-up, contract v1: how obligations stand, as known on {as_of}, about {on}.
-- changes     = the files log/province=*/month=*/part-*.parquet
-- obligations = the files obligations/province=*/part-*.parquet
-- Of all rows of a duty that count, the greatest ord says how it stands; state and light ride along.
SELECT {key} AS grp,
       COUNT(*) AS total,
       SUM(CASE WHEN l.packed % 64 - l.packed % 8 = 8 THEN 1 ELSE 0 END) AS not_started,
       SUM(CASE WHEN l.packed % 64 - l.packed % 8 = 16 THEN 1 ELSE 0 END) AS in_progress,
       SUM(CASE WHEN l.packed % 64 - l.packed % 8 = 24 THEN 1 ELSE 0 END) AS submitted,
       SUM(CASE WHEN l.packed % 64 - l.packed % 8 = 32 THEN 1 ELSE 0 END) AS closed,
       SUM(CASE WHEN l.packed % 64 - l.packed % 8 = 40 THEN 1 ELSE 0 END) AS operating,
       SUM(CASE WHEN l.packed % 64 - l.packed % 8 = 48 THEN 1 ELSE 0 END) AS suspended,
       SUM(CASE WHEN l.packed % 64 - l.packed % 8 = 56 THEN 1 ELSE 0 END) AS not_applicable,
       SUM(CASE WHEN l.packed % 8 = 0 THEN 1 ELSE 0 END) AS red,
       SUM(CASE WHEN l.packed % 8 = 1 THEN 1 ELSE 0 END) AS amber,
       SUM(CASE WHEN l.packed % 8 = 2 THEN 1 ELSE 0 END) AS green,
       SUM(CASE WHEN l.packed % 8 = 3 THEN 1 ELSE 0 END) AS grey
FROM (SELECT c.duty AS duty, MAX(c.ord * 64 + c.state * 8 + c.light) AS packed
      FROM changes c
      WHERE c.recorded <= DATE '{as_of}' AND c.effective <= DATE '{on}'
      GROUP BY c.duty) l
JOIN obligations o ON l.duty = o.duty
WHERE o.whole = 1 AND l.packed % 64 >= 8{once}
GROUP BY {key}
