"""Prints colours as seen by people who lack one type of cone, for ColourVisionTests.swift.

The matrices are those of table 1 in Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
vision deficiency", IEEE TVCG 15 (2009), for severity 1. They apply to linear light.
"""

import numpy as np

MATRICES = {
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
COLOURS = [0xFF0000, 0x00FF00, 0x0000FF, 0xD55E00, 0x009E73, 0xF0E442]

codes = np.array([[c >> 16 & 255, c >> 8 & 255, c & 255] for c in COLOURS]) / 255
light = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
for name, matrix in MATRICES.items():
    seen = np.clip(light @ np.array(matrix).T, 0, 1)
    encoded = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    texts = ["0x%02X%02X%02X" % tuple(row) for row in np.rint(encoded * 255).astype(int)]
    print(f"        (.{name}, [{', '.join(texts)}]),")
