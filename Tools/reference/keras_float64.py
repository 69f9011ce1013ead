"""Keras on the torch backend, in float64 throughout; imported before anything that imports Keras.

`keras.config.set_floatx("float64")` alone does not do that. Outside TensorFlow, Keras' rules of promotion never give
float64: its batch normalisation, dense layer and global average cast what they compute on to float32, though what they
give is float64 again. That rounding decides the slope of ReLUs whose input lies near zero, which moved the gradient of
one bias by 1.1e-2 of its norm. Here the rules are told to keep float64.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras.src.backend.common import dtypes

dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
keras.config.set_floatx("float64")
assert keras.backend.result_type("float64", "float32") == "float64"
