#!/usr/bin/env python3
"""Kills the commands that write files, starves them and runs them twice at once. Compares the results with a normal run.

    swift build -c release --product penumbra
    Tools/faults/campaign.py .build/release/penumbra [--minutes 30] [--seed 0] [--only kills,twice] [--commands project,plot]

Needs only Python. Tests on a full or read-only file system run only as root. The minutes start when every command has
run once undisturbed. Each part gets an equal share of the time left, at least half a minute. Cases that do not start in
time are counted as left out; cases that have started are finished, and all pairs of "twice" are run. Prints a table at the
end, and exits with 1 if there were faults. Not part of continuous integration.
"""

import argparse
import collections
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# Keys in JSON files that depend on the clock, on paths or on interruptions, and so differ from run to run.
VOLATILE = {"seconds", "resumed_at", "features", "command", "data", "inputs", "images_per_second", "provenance"}
# Seconds after which a run with an extreme number is interrupted.
QUICK = 2
PARTS = ["twice", "limits", "surroundings", "numbers", "kills"]
GOOD_CODES = {0, 1, 2}
# Commands without a progress bar, which have no --quiet.
SILENT = {"merge", "inspect"}
TRAINING = "--image-size 32 --batch-size 12 --threads 1"


class Command:
    def __init__(self, name, arguments, outputs, resumes=False):
        self.name, self.arguments, self.outputs, self.resumes = name, arguments.split(), outputs, resumes


COMMANDS = [
    Command("generate", "generate shapes --out {out} --count 600 --size 32 --threads 1", ["Shapes"]),
    Command("generate fibres", "generate fibres --out {out} --count 300 --size 32 --threads 1", ["Fibres-simulated"]),
    Command(
        "train", f"train {{work}}/Shapes --out {{out}} --labels soft --epochs 4 {TRAINING}", ["split-1", "run.json"],
        resumes=True),
    Command(
        "train --grid",
        f"train {{work}}/Shapes --out {{out}} --labels hard --epochs 1 --grid {{work}}/grid.json {TRAINING}",
        ["split-1", "run.json"], resumes=True),
    Command(
        "embed", "embed {work}/run/split-1/soft/checkpoint.safetensors {work}/Shapes --out {out}/x.npy --subset all "
        "--threads 1 --projector {out}/board", ["x.npy", "x-samples.csv", "board"]),
    Command(
        "project", "project {work}/x.csv --out {out}/m.csv --max-iter 2000 --perplexity 10 --threads 1 "
        "--snapshots 4 --save-interval 0.2", ["m.csv", "m.json", "m.snapshots"], resumes=True),
    Command(
        "place", "place {work}/x.csv --into {work}/m.csv --reference {work}/x.csv --out {out}/n.csv --threads 1",
        ["n.csv", "n.json"]),
    Command("plot", "plot {work}/m.csv --labels {work}/labels.csv --out {out}/f.png", ["f.png"]),
    Command("evaluate", "evaluate {work}/p.csv --table {out}/t.md", ["t.md"]),
    Command(
        "compare", "compare {work}/x.csv {work}/y.csv --names a b --labels {work}/labels.csv --out {out} "
        "--max-iter 300 --perplexity 10 --bootstraps 20 --permutations 20 --threads 1",
        ["report.md", "report.json", "samples.csv", "figure.svg", "figure.png", "explorer.html"], resumes=True),
    Command(
        "generate mixtures", "generate mixtures {work}/classes --out {out}/mixed --trials 10 --threads 1",
        ["mixed"]),
    Command("dataset", "dataset {work}/Shapes --duplicates", []),
    Command("inspect", "inspect {work}/run/split-1/soft/checkpoint.safetensors", []),
    Command(
        "figure", "figure {work}/run/split-1/soft/checkpoint.safetensors {work}/whole/x.npy --data {work}/Shapes "
        "--subset all --out {out}/f.svg --max-iter 250 --perplexity 5 --threads 1", ["f.svg", "f-files"], resumes=True),
    Command("explore", "explore {work}/m.csv --labels {work}/labels.csv --out {out}/e.html", ["e.html"]),
    Command(
        "annotation-budget", "annotation-budget {work}/votes.csv --features {work}/x.csv --out {out}/budget --threads 1",
        ["budget"]),
    Command(
        "embed share", "embed {work}/run/split-1/soft/checkpoint.safetensors {work}/Shapes --out {out}/x.npy "
        "--subset all --threads 1 --share 1/2 --parts {out}/parts", ["parts"]),
    Command("merge", "merge {work}/parts", ["../whole/x.npy", "../whole/x-samples.csv"]),
    Command(
        "reproduce", f"reproduce --preset quick --out {{out}} --count 60 --epochs 1 --max-iter 250 --perplexity 5 "
        f"{TRAINING}", ["dataset", "split-1", "figure.png", "figure.svg", "evaluation.json", "table.csv", "run.json"],
        resumes=True),
]


# Large enough to hit memory limits in the middle of the work, too.
LARGE = [
    Command("project, large", "project {work}/large.csv --out {out}/m.csv --max-iter 20 --threads 2", ["m.csv", "m.json"]),
    Command(
        "compare, large", "compare {work}/large.csv {work}/large.csv --names a b --labels {work}/large-labels.csv "
        "--out {out} --max-iter 20 --bootstraps 20 --permutations 20 --snapshots 0 --threads 2", ["report.json"]),
    Command(
        "train, large", "train {work}/Shapes --out {out} --labels soft --epochs 1 --image-size 64 --batch-size 36 "
        "--threads 2", ["split-1"]),
    Command(
        "embed, large", "embed {work}/run/split-1/soft/checkpoint.safetensors {work}/Shapes --out {out}/x.npy "
        "--subset all --image-size 128 --threads 2", ["x.npy"]),
]


def options_of(program):
    """All options of each command, from the argument parser, by the command's words."""
    help_text = subprocess.run([program, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout
    found = {}

    def walk(command, path):
        names = [name["name"] for argument in command.get("arguments", []) if argument["kind"] == "option"
                 for name in argument["names"] if name["kind"] == "long"]
        found[" ".join(path)] = sorted("--" + name for name in set(names))
        for part in command.get("subcommands", []):
            walk(part, path + [part["commandName"]])

    walk(json.loads(help_text)["command"], [])
    return found


def cleaned(value):
    if isinstance(value, dict):
        return {key: cleaned(part) for key, part in value.items() if key not in VOLATILE}
    return [cleaned(part) for part in value] if isinstance(value, list) else value


def digest(path):
    """The hash of a file without the parts that depend on the clock or the folder's name."""
    data = open(path, "rb").read()
    if path.endswith(".json"):
        data = json.dumps(cleaned(json.loads(data)), sort_keys=True).encode()
    elif os.path.basename(path) in ("history.csv", "grid.csv"):
        rows = [line.split(",") for line in data.decode().splitlines()]
        dropped = rows[0].index("seconds")
        data = "\n".join(",".join(row[:dropped] + row[dropped + 1:]) for row in rows).encode()
    elif os.path.basename(path) == "grid.md":
        data = re.sub(rb"\| [0-9.]+ \| ([^|]*) \|\n", rb"| \1 |\n", data)
    return hashlib.sha256(data).hexdigest()


def state(folder, outputs):
    """The digest of every output by its path."""
    found = {}
    for output in outputs:
        path = os.path.join(folder, output)
        if os.path.isfile(path):
            found[output] = digest(path)
        for root, _, names in os.walk(path):
            for name in names:
                whole = os.path.join(root, name)
                # Whether this file still exists depends on when the interruption came.
                if name not in ("resume.safetensors",):
                    found[os.path.relpath(whole, folder)] = digest(whole)
    return found


def leftovers(folder):
    names = [name for _, folders, files in os.walk(folder) for name in folders + files]
    return [name for name in names if re.match(r"\.penumbra-.*\.tmp$|.*\.partial-|\.penumbra.*\.lock$", name)]


class Campaign:
    def __init__(self, program, seed, commands, is_large):
        self.is_large = is_large
        self.commands = commands
        self.program = os.path.abspath(program)
        self.random = random.Random(seed)
        self.work = tempfile.mkdtemp(prefix="penumbra-faults-")
        self.table = collections.OrderedDict()
        self.faults = []
        self.expected, self.seconds = {}, {}

    def words(self, command, out):
        words = [word.format(work=self.work, out=out) for word in command.arguments]
        return [self.program] + words + ([] if words[0] in SILENT else ["--quiet"])

    def fresh(self, name="out"):
        out = os.path.join(self.work, name)
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out)
        return out

    def run(self, words, limit=120, **options):
        """The exit code and standard error. The code is negative for a signal, None if the run exceeded the limit."""
        options.setdefault("stdout", subprocess.DEVNULL)
        process = subprocess.Popen(words, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **options)
        try:
            _, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            _, errors = process.communicate()
            return None, errors.decode(errors="replace")
        return process.returncode, errors.decode(errors="replace")

    def count(self, part, what, number=1):
        self.table.setdefault(part, collections.Counter())[what] += number

    def fault(self, part, what, detail):
        self.count(part, "faults")
        self.faults.append(f"{part}: {what}: {detail[-400:].strip()}")
        print("FAULT", self.faults[-1], file=sys.stderr)

    def prepare(self):
        os.chmod(self.work, 0o755)

        def make(line):
            words = line.format(work=self.work).split()
            code, errors = self.run([self.program] + words + ([] if words[0] in SILENT else ["--quiet"]), limit=600)
            if code != 0:
                sys.exit(f"{line}: {errors}")

        names = {command.name for command in self.commands}
        trained = names & {"embed", "inspect", "figure", "embed share", "merge"} or self.is_large
        if trained or names & {"train", "train --grid", "dataset", "generate mixtures"}:
            make("generate shapes --out {work} --count 120 --size 32")
        if trained:
            make(f"train {{work}}/Shapes --out {{work}}/run --labels soft --epochs 1 {TRAINING}")
        if names & {"figure", "merge"}:
            for share in 1, 2:
                make(f"embed {{work}}/run/split-1/soft/checkpoint.safetensors {{work}}/Shapes --out {{work}}/whole/x.npy "
                     f"--subset all --threads 1 --share {share}/2 --parts {{work}}/parts")
            make("merge {work}/parts")
        if "generate mixtures" in names:
            for root, _, images in os.walk(f"{self.work}/Shapes"):
                for image in images:
                    if image.endswith(".png"):
                        target = f"{self.work}/classes/{'ab'[int(image[5:-4]) % 2]}"
                        os.makedirs(target, exist_ok=True)
                        shutil.copy(os.path.join(root, image), target)
        draw = random.Random(1)
        for name, rows, columns in [("x", 150, 8), ("y", 150, 8), ("large", 6000, 64)]:
            with open(f"{self.work}/{name}.csv", "w") as file:
                file.write("id," + ",".join(f"f{column}" for column in range(columns)) + "\n")
                for row in range(rows):
                    numbers = [f"{draw.gauss(row % 3 * 4, 1):.5f}" for _ in range(columns)]
                    file.write(f"s{row}," + ",".join(numbers) + "\n")
        for name, rows in [("labels", 150), ("large-labels", 6000)]:
            with open(f"{self.work}/{name}.csv", "w") as file:
                file.write("id,a,b,c\n")
                for row in range(rows):
                    file.write(f"s{row}," + ",".join("1" if row % 3 == kind else "0" for kind in range(3)) + "\n")
        with open(f"{self.work}/votes.csv", "w") as file:
            file.write("id,a,b,c\n")
            for row in range(150):
                file.write(f"s{row}," + ",".join(str(draw.randrange(6) + 1) for _ in range(3)) + "\n")
        make("project {work}/x.csv --out {work}/m.csv --max-iter 250 --perplexity 10")
        with open(f"{self.work}/grid.json", "w") as file:
            file.write('{"lr": [0.02, 0.01]}')
        with open(f"{self.work}/p.csv", "w") as file:
            file.write("id,true_a,true_b,predicted_a,predicted_b\nx,1,0,1,0\ny,0,1,0,1\n")
        for command in self.commands:
            out = self.fresh()
            start = time.time()
            code, errors = self.run(self.words(command, out), limit=600)
            if code != 0:
                sys.exit(f"{command.name}: {errors}")
            self.seconds[command.name] = time.time() - start
            self.expected[command.name] = state(out, command.outputs)
            print(f"{command.name}: {self.seconds[command.name]:.1f} s undisturbed", file=sys.stderr)

    def is_over(self, part, until):
        """Whether a part's time is up. If so, counts the case as left out."""
        if time.time() <= until:
            return False
        self.count(part, "left out")
        return True

    def compare(self, part, command, out, what):
        found = state(out, command.outputs)
        if found != self.expected[command.name]:
            names = [name for name in set(found) | set(self.expected[command.name])
                     if found.get(name) != self.expected[command.name].get(name)]
            self.fault(part, f"{command.name} {what}", "other bytes in " + ", ".join(sorted(names)[:8]))
        left = leftovers(out)
        if left:
            self.fault(part, f"{command.name} {what}", "left over: " + ", ".join(left))

    def kills(self, share):
        """Interrupts a command once or twice by a signal at a random moment, then runs it to its end."""
        until = time.time() + share
        signals = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
        turn = 0
        while time.time() < until:
            command, number = self.commands[turn % len(self.commands)], signals[turn // len(self.commands) % len(signals)]
            turn += 1
            out = self.fresh()
            for _ in range(self.random.choice([1, 1, 2])):
                process = subprocess.Popen(
                    self.words(command, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                time.sleep(self.random.uniform(0, self.seconds[command.name]))
                process.send_signal(number)
                try:
                    _, errors = process.communicate(timeout=60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    self.fault("kills", f"{command.name} {number.name}", "did not end within a minute")
                    continue
                self.count("kills", number.name)
                if process.returncode not in (0, 128 + number, -number, 1, 2):
                    self.fault("kills", f"{command.name} {number.name}",
                               f"exit code {process.returncode} {errors.decode(errors='replace')}")
            code, errors = self.run(self.words(command, out), limit=600)
            if code != 0:
                self.fault("kills", f"{command.name} after {number.name}", f"exit code {code} {errors}")
            else:
                self.compare("kills", command, out, f"after {number.name}")

    def twice(self):
        for command in self.commands:
            out = self.fresh()
            processes = [
                subprocess.Popen(self.words(command, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                for _ in range(2)]
            results = []
            for process in processes:
                try:
                    errors = process.communicate(timeout=600)[1].decode(errors="replace")
                except subprocess.TimeoutExpired:
                    process.kill()
                    errors = process.communicate()[1].decode(errors="replace")
                    self.fault("twice", command.name, "did not end within ten minutes")
                results.append((errors, process.returncode))
            self.count("twice", "pairs")
            for errors, code in results:
                if code != 0 and not (code == 2 and "being written by process" in errors):
                    self.fault("twice", command.name, f"exit code {code} {errors}")
            if all(code != 0 for _, code in results):
                self.fault("twice", command.name, "neither ended well")
            self.compare("twice", command, out, "twice")

    def limits(self, share):
        until = time.time() + share
        kinds = [("memory", "ulimit -v", [200, 300, 450, 600, 640, 680, 720, 760, 800, 850, 900, 1000, 1200, 1500], 1024),
                 ("descriptors", "ulimit -n", [4, 6, 8, 12, 20, 40], 1),
                 ("file size", "ulimit -f", [0, 1, 8, 64], 1)]
        cases = [(part, limit, value, factor, command)
                 for part, limit, values, factor in kinds
                 for command in self.commands + (LARGE if part == "memory" else [])
                 for value in values]
        self.random.shuffle(cases)
        for part, limit, value, factor, command in cases:
            if self.is_over(part, until):
                continue
            out = self.fresh()
            script = f"{limit} {value * factor}; exec \"$@\""
            code, errors = self.run(["bash", "-c", script, "bash"] + self.words(command, out), limit=90)
            self.count(part, "runs")
            if code is None:
                self.fault(part, f"{command.name} {limit} {value}", "did not end within 90 seconds")
            elif code not in GOOD_CODES:
                # With so little memory the dynamic linker fails before the program starts.
                if "error while loading shared libraries" not in errors:
                    self.fault(part, f"{command.name} {limit} {value}", f"exit code {code} {errors}")
            elif code == 0:
                self.count(part, "done")
            if code == 0 and command.name in self.expected:
                self.compare(part, command, out, f"{limit} {value}")

    def surroundings(self, share):
        until = time.time() + share
        for command in self.commands:
            for stream, how in [("full", ">/dev/full"), ("closed", ">&-"), ("closed errors", "2>&-"),
                                ("both closed", ">&- 2>&-"), ("no input", "<&-")]:
                if self.is_over("streams", until):
                    continue
                out = self.fresh()
                words = [word for word in self.words(command, out)]
                code, errors = self.run(["bash", "-c", f'exec "$@" {how}', "bash"] + words)
                self.count("streams", "runs")
                if code not in GOOD_CODES:
                    self.fault("streams", f"{command.name} {stream}", f"exit code {code} {errors}")
        if os.geteuid() != 0:
            return
        for command in self.commands:
            for part, options in [("full disk", "size=64k"), ("full disk", "size=700k"), ("read-only", "size=8m")]:
                if self.is_over(part, until):
                    continue
                out = self.fresh()
                subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", out], check=True)
                try:
                    if part == "read-only":
                        subprocess.run(["mount", "-o", "remount,ro", out], check=True)
                    code, errors = self.run(self.words(command, out))
                    self.count(part, "runs")
                    if code not in GOOD_CODES:
                        self.fault(part, f"{command.name} {options}", f"exit code {code} {errors}")
                    if part == "full disk" and leftovers(out):
                        self.fault(part, f"{command.name} {options}", "left over: " + ", ".join(leftovers(out)))
                finally:
                    subprocess.run(["umount", "-l", out], check=True)

    def numbers(self, share):
        """Tries extreme and invalid values for every option of every command."""
        values = ["-1", "0", "1", "nan", "inf", "-inf", "1e308", "-1e308", "1e-320", "0.5", "9223372036854775807",
                  "-9223372036854775808", "18446744073709551615", "18446744073709551616", "1e400", "", "x",
                  "12x9223372036854775807", "0,nan", "-0", "4294967296", "2147483648"]
        until = time.time() + share
        cases = []
        options = options_of(self.program)
        for command in self.commands:
            words = command.arguments[:2] if command.name.startswith("generate") else command.arguments[:1]
            for option in options[" ".join(words)]:
                if option not in ("--out",):
                    cases += [(command, option, value) for value in values]
        self.random.shuffle(cases)
        for command, option, value in cases:
            if self.is_over("numbers", until):
                continue
            out = self.fresh()
            words = self.words(command, out)
            if option in words:
                index = words.index(option)
                words[index + 1] = value
            else:
                words.append(f"{option}={value}")
            process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=out)
            self.count("numbers", "runs")
            try:
                errors = process.communicate(timeout=QUICK)[1]
            except subprocess.TimeoutExpired:
                # A million epochs are allowed, but it must be possible to stop them.
                process.send_signal(signal.SIGINT)
                try:
                    errors = process.communicate(timeout=60)[1]
                    self.count("numbers", "interrupted")
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    self.fault("numbers", f"{command.name} {option}={value}", "hangs")
                    continue
            if process.returncode not in (0, 1, 2, 130):
                self.fault("numbers", f"{command.name} {option}={value}",
                           f"exit code {process.returncode} {errors.decode(errors='replace')}")

    def report(self):
        print("| part | cases | faults |\n| --- | --- | --- |")
        for part, counts in self.table.items():
            done = ", ".join(f"{number} {what}" for what, number in counts.items() if what != "faults")
            print(f"| {part} | {done} | {counts['faults']} |")
        for fault in self.faults:
            print("\n" + fault)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--minutes", type=float, default=30, help="total for all parts (default: 30)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--commands", help="names, separated by commas (default: all)")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas (default: all)")
    options = parser.parse_args()
    known = [command.name for command in COMMANDS]
    names = options.commands.split(",") if options.commands else known
    parts = options.only.split(",")
    for option, given, expected in [("--commands", names, known), ("--only", parts, PARTS)]:
        unknown = [name for name in given if name not in expected]
        if unknown:
            parser.error(f"{option}: unknown {', '.join(map(repr, unknown))}; expected some of: {', '.join(expected)}")
    os.nice(10)
    # Printing the backtrace of a crash would take longer than the run.
    os.environ["SWIFT_BACKTRACE"] = "enable=no"
    campaign = Campaign(
        options.program, options.seed, [command for command in COMMANDS if command.name in names],
        "limits" in parts)
    try:
        campaign.prepare()
        deadline = time.time() + 60 * options.minutes
        # Kills come last and fill the remaining time.
        left = [part for part in PARTS if part in parts]
        while left:
            share = max(30, (deadline - time.time()) / len(left))
            part = left.pop(0)
            campaign.twice() if part == "twice" else getattr(campaign, part)(share)
        campaign.report()
    finally:
        shutil.rmtree(campaign.work, ignore_errors=True)
    sys.exit(1 if campaign.faults else 0)


if __name__ == "__main__":
    main()
