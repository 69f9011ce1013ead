"""Writes Tests/LabelDistributionsTests/Fixtures/agreement.json: votes, and their agreement according to reference packages.

Krippendorff's alpha (nominal) comes from `krippendorff`. Fleiss' kappa comes from `statsmodels` if all images have the same
number of votes, otherwise from `irrCAC` (Gwet).

    pip install krippendorff statsmodels irrCAC
    python agreement_fixtures.py
"""

import json
import pathlib

import krippendorff
import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from statsmodels.stats.inter_rater import fleiss_kappa

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests/LabelDistributionsTests/Fixtures/agreement.json"


def alpha(votes):
    return float(krippendorff.alpha(value_counts=votes, level_of_measurement="nominal"))


def kappa_of_irrcac(votes):
    """irrCAC takes one row per image and one column per rater, empty without a vote. By default it rounds."""
    raters = votes.sum(1).max()
    rows = [
        [str(k) for k, count in enumerate(row) for _ in range(count)] + [None] * (raters - row.sum()) for row in votes
    ]
    result = CAC(pd.DataFrame(rows), digits=15).fleiss()
    return float(result["est"]["coefficient_value"])


def main():
    generator = np.random.default_rng(11)
    same = generator.multinomial(15, generator.dirichlet(np.full(3, 0.5), 40))
    skewed = generator.multinomial(7, generator.dirichlet([4, 0.2, 0.1, 0.1], 30))
    chance = generator.multinomial(5, np.full(4, 0.25), 60)
    differing = np.array(
        [generator.multinomial(n, generator.dirichlet(np.full(5, 0.3))) for n in generator.integers(1, 12, 50)]
    )
    cases = {
        name: {"votes": votes.tolist(), "kappa": float(fleiss_kappa(votes)), "alpha": alpha(votes)}
        for name, votes in {"same": same, "skewed": skewed, "chance": chance}.items()
    }
    cases["differing"] = {
        "votes": differing.tolist(),
        "kappa": kappa_of_irrcac(differing),
        "alpha": alpha(differing),
    }
    # Both packages agree where both apply, so they use one definition.
    assert abs(kappa_of_irrcac(same) - fleiss_kappa(same)) < 1e-12
    FIXTURE.write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
