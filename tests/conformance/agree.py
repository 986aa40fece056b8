"""Asks verify.py about every case of the campaign and compares word, file and line.

Usage: agree.py FOLDER EXPECTED.tsv, each line of EXPECTED a case's folder name and what
the program said, `word file:line`, tab-separated and sorted.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from verify import verify  # noqa: E402

folder, expected = sys.argv[1:3]
cases = apart = 0
with open(expected, encoding="utf-8") as rows:
    for row in rows:
        name, *said = row.rstrip("\n").split("\t")
        said = sorted(s for s in said if s)
        here = sorted(f"{word} {file}:{line}" for word, file, line, _ in verify(os.path.join(folder, name)))
        cases += 1
        if here != said:
            apart += 1
            if apart <= 10:
                print(f"case {name}:\n  program {said}\n  second  {here}", file=sys.stderr)
if apart or not cases:
    sys.exit(f"{apart} of {cases} cases apart")
print(f"the second verifier agrees on {cases} cases")
