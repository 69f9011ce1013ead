"""Makes Keras compute in float64 throughout, on the torch backend. Import it before anything that imports Keras.

`keras.config.set_floatx("float64")` is not enough. Outside TensorFlow, Keras' promotion rules never result in float64:
batch normalisation, dense layer and global average cast their inputs to float32, although their outputs are float64 again.
That rounding can change the slope of ReLUs with inputs near zero; it moved the gradient of one bias by 1.1e-2 of its norm.
This module changes the rules to keep float64.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras.src.backend.common import dtypes

dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
keras.config.set_floatx("float64")
assert keras.backend.result_type("float64", "float32") == "float64"
