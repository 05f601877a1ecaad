"""Compares what the program does with what others wrote for the same purpose, on a world of invented people.

- Every published count of people against the package of the UK's Office for National Statistics for cell-key perturbation,
  on the same record keys and the same table of noise.
- The open figures' API against its own OpenAPI document, by schemathesis.

Starts the program itself (HOCSO_BIN) on a free loopback port and stops it. Ends with one line: how many checks passed.
"""

import contextlib
import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request

import pandas
from cell_key_perturbation.create_perturbed_table import create_perturbed_table

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ["HOCSO_BIN"]
RESIDENTS = 2500
# Counts from here on share the last line of our table; the package reads lines 501 to 750 again and again.
LINES = 750
UNDER_TEN = "under_ten"


def noise_table():
    """Our table as the package takes it: one row for each count and key."""
    with open(os.path.join(ROOT, "content/coverage/perturbation.csv"), newline="") as file:
        rows = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    last = max(row["people"] for row in rows)
    table = []
    for people in range(1, LINES + 1):
        for row in rows:
            if row["people"] == min(people, last):
                keys = range(row["first_key"], row["last_key"] + 1)
                table += [{"pcv": people, "ckey": key, "pvalue": row["noise"]} for key in keys]
    return pandas.DataFrame(table)


def age_band(years):
    bands = [(15, "0-14"), (25, "15-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64")]
    return next((name for end, name in bands if years < end), "65+")


def people(database, month, track, step):
    """Everybody who had come to a step by then, one row each: straight from the standings."""
    where = "" if track == "any" else " AND standing.track = ?"
    values = [step] + ([] if track == "any" else [track])
    rows = database.execute(
        "SELECT learner.unit, learner.sex, learner.birth_year, learner.ethnic_group, learner.record_key, MIN(standing.month)"
        " FROM standing JOIN learner ON learner.no = standing.learner"
        f" WHERE standing.witness = 'self' AND standing.step = ?{where} GROUP BY learner.no",
        values,
    ).fetchall()
    columns = ["unit", "sex", "born", "ethnic_group", "record_key", "since"]
    frame = pandas.DataFrame(rows, columns=columns)
    frame = frame[frame.since <= month].copy()
    frame["age"] = [age_band(since // 100 - born) for since, born in zip(frame.since, frame.born)]
    frame["province"] = "all"
    return frame


def compare_with_the_ons(path):
    table = noise_table()
    database = sqlite3.connect(path)
    number, month = database.execute("SELECT number, month FROM open_release ORDER BY number DESC LIMIT 1").fetchone()
    compared, wrong = 0, []
    for track in ["any", "thanh-toan", "dich-vu-cong", "an-toan"]:
        for step in ["heard", "practised_with_help", "practised"]:
            everybody = people(database, month, track, step)
            adults = everybody[everybody.age != "0-14"]
            for breakdown, column, frame in [
                ("unit", "unit", adults),
                ("sex", "sex", adults),
                ("province", "province", adults),
                ("age", "age", everybody),
                ("ethnic_group", "ethnic_group", everybody[everybody.ethnic_group.notna()]),
            ]:
                with contextlib.redirect_stdout(io.StringIO()):
                    theirs = create_perturbed_table(frame, table, [], [column], "record_key", threshold=10)
                theirs = {
                    row[column]: None if pandas.isna(row["count"]) else int(row["count"]) for _, row in theirs.iterrows()
                }
                ours = database.execute(
                    "SELECT part, value, status FROM open_figure WHERE release = ? AND track = ? AND step = ?"
                    " AND breakdown = ? AND witness IN ('self', 'any') AND part <> 'stated' AND status <> 'withheld'",
                    [number, track, step, breakdown],
                ).fetchall()
                for part, value, status in ours:
                    part = part or "all"
                    expected = theirs.get(part, "nobody")
                    if (None if status == UNDER_TEN else value) != expected:
                        wrong.append((track, step, breakdown, part, value, status, expected))
                    compared += 1
    for difference in wrong[:10]:
        print("not what the ONS package says:", *difference)
    print(f"{compared} published counts compared with the package of the ONS, {len(wrong)} differ")
    return compared > 500 and not wrong


def schemathesis(address, folder):
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", f"{address}/api/openapi.json",
        "--include-path-regex", "^/api/v1/coverage", "--max-examples", "40", "--seed", "1", "--no-color",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
        "response_headers_conformance,negative_data_rejection,positive_data_acceptance",
    ]  # fmt: skip
    # What it remembers between runs goes with the folder.
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode != 0:
        print(done.stdout[-6000:], done.stderr[-2000:])
    return done.returncode == 0


def main():
    passed = failed = 0

    def check(what, held):
        nonlocal passed, failed
        passed, failed = passed + bool(held), failed + (not held)
        print(f"{'ok' if held else 'FAILED'}: {what}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "world.sqlite")
        subprocess.run([BINARY, "demo", "--residents", str(RESIDENTS), "--database", f"sqlite:{path}"], check=True, stdout=subprocess.DEVNULL)
        check("published counts are those of the ONS package", compare_with_the_ons(path))
        serving = subprocess.Popen(
            [BINARY, "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:{path}"], stdout=subprocess.PIPE, text=True
        )
        try:
            lines = (json.loads(line) for line in serving.stdout)
            address = next(line["ready"] for line in lines if "ready" in line)
            with urllib.request.urlopen(f"{address}/api/v1/coverage/releases") as answer:
                check("releases are listed", len(json.load(answer)["releases"]) > 0)
            check("the API is as its OpenAPI document says", schemathesis(address, folder))
        finally:
            serving.terminate()
            serving.communicate()
    print(f"outside: {passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
