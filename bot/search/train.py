"""Training: a softmax regression over the phrases of one shelf, by L-BFGS in the dual."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_STEPS = 20
_STRENGTH = 20.0  # C: how much a wrong phrase costs beside the size of the weights
_RIDGE = 1e-4  # keeps the matrix of phrases regular when two are alike

Matrix = npt.NDArray[np.floating[Any]]


def softmax_regression(features: Any, classes: npt.NDArray[np.intp]) -> Matrix:
    """Fits the weights, features by classes, for phrases (rows of a sparse matrix) of the classes given.

    The problem is solved in as many dimensions as there are phrases: with K the matrix of the phrases' products and
    K = L L', the weights are X' inv(L') B, and B is what L-BFGS looks for. Classes count alike, however many phrases
    they have.
    """
    from scipy.linalg import cholesky, solve_triangular  # noqa: PLC0415 - slow to load, not needed to answer
    from scipy.optimize import minimize  # noqa: PLC0415 - as above

    phrases, count = features.shape[0], int(classes.max()) + 1
    kernel = (features @ features.T).toarray()
    kernel[np.diag_indices(phrases)] += _RIDGE
    lower = cholesky(kernel, lower=True)
    narrow = lower.astype(np.float32)  # half the time, and the weights are rounded further later on
    held = np.bincount(classes, minlength=count)
    cost = (_STRENGTH * phrases / (count * held[classes])).astype(np.float32)
    rows = np.arange(phrases)

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        inner = flat.reshape(phrases, count)
        outputs = narrow @ inner.astype(np.float32)
        outputs -= outputs.max(axis=1, keepdims=True)
        chances = np.exp(outputs)
        sums = chances.sum(axis=1)
        wrong = float(cost @ (np.log(sums) - outputs[rows, classes]))
        chances /= sums[:, None]
        chances[rows, classes] -= 1
        chances *= cost[:, None]
        return 0.5 * float(flat @ flat) + wrong, (inner + narrow.T @ chances).ravel()

    start = np.zeros(phrases * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    inner = solve_triangular(lower, found.x.reshape(phrases, count), lower=True, trans="T")
    return np.asarray(features.T @ inner)
