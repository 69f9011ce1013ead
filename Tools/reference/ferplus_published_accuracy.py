"""Prints the accuracy of predictions on FER+ as its paper counts it, as CSV.

The paper (arXiv 1608.01041, with the reader that its authors published) tests on fewer images than the split holds: votes
that one annotator alone gave are removed, and an image stays only if more than half of the votes left are for one class
that is neither "unknown" nor "NF". That leaves 3,137 of the 3,573 test images with a label distribution. Accuracy is the
share of them whose predicted class is this majority class.

    python ferplus_published_accuracy.py FER2013Test/label.csv RUN > accuracy.csv

RUN is the folder of a run with predictions.csv for every training (`penumbra evaluate RUN` writes them).
"""

import csv
import pathlib
import sys

# In the order of label.csv, where votes for "unknown" and "NF" follow.
CLASSES = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]


def majority(votes):
    """The paper's majority class of an image with these votes, or none."""
    kept = [count if count > 1 else 0 for count in votes]
    first = kept.index(max(kept))
    return CLASSES[first] if 2 * kept[first] > sum(kept) and first < len(CLASSES) else None


def main(votes, run):
    with open(votes, newline="") as file:
        classes = {pathlib.Path(row[0]).stem: majority([int(count) for count in row[2:]]) for row in csv.reader(file)}
    output = csv.writer(sys.stdout, lineterminator="\n")
    output.writerow(["training", "images", "paper_accuracy"])
    for table in sorted(pathlib.Path(run).glob("*/*/predictions.csv")):
        images = right = 0
        with open(table, newline="") as file:
            for row in csv.DictReader(file):
                if (true := classes[row["id"]]) is not None:
                    images += 1
                    right += true == max(CLASSES, key=lambda name: float(row["predicted_" + name]))
        output.writerow([table.parent.relative_to(run).as_posix(), images, right / images])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
