"""Maximum likelihood for a handful of positive parameters by Newton's method on their logarithms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .rfm import FloatArray

# Log-likelihood, gradient and Hessian with respect to the parameters themselves.
Derivatives = Callable[[FloatArray], tuple[float, FloatArray, FloatArray]]

_MAX_STEPS = 200


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the search ended. `converged` says that the last Newton step promised less than `tolerance`."""

    parameters: FloatArray
    log_likelihood: float
    converged: bool
    steps: int


def maximise(
    derivatives: Derivatives,
    start: FloatArray,
    *,
    lowest: FloatArray,
    highest: FloatArray,
    tolerance: float = 1e-8,
    max_steps: int = _MAX_STEPS,
) -> Maximum:
    """Climb from `start` until a Newton step promises to raise the log-likelihood by less than `tolerance`.

    Parameters stay between `lowest` and `highest`: a degenerate sample (all customers alike, nobody ever
    leaving) has its maximum at infinity, and predictions there are no better than at the bound.
    Steps that don't climb are halved; where the surface is not concave the Hessian's eigenvalues are turned
    negative, so that every direction leads upwards.
    """
    low, high = np.log(lowest), np.log(highest)
    theta = np.clip(np.log(start), low, high)
    value, gradient, hessian = _in_logs(derivatives, theta)
    for step in range(max_steps):
        free = ~(((theta >= high) & (gradient > 0)) | ((theta <= low) & (gradient < 0)))
        direction, gain = _direction(gradient, hessian, free)
        if gain < tolerance:
            return Maximum(np.exp(theta), value, True, step)
        length = min(1.0, 1.0 / float(np.abs(direction).max()))
        for _ in range(40):
            candidate = np.clip(theta + length * direction, low, high)
            found = _in_logs(derivatives, candidate)
            if np.isfinite(found[2]).all() and found[0] >= value - 1e-9 * abs(value):
                break
            length /= 2
        else:
            return Maximum(np.exp(theta), value, False, step)
        theta = candidate
        value, gradient, hessian = found
    return Maximum(np.exp(theta), value, False, max_steps)


def _in_logs(derivatives: Derivatives, theta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    parameters = np.exp(theta)
    value, gradient, hessian = derivatives(parameters)
    scaled = parameters * gradient
    return value, scaled, np.outer(parameters, parameters) * hessian + np.diag(scaled)


def _direction(
    gradient: FloatArray, hessian: FloatArray, free: npt.NDArray[np.bool_]
) -> tuple[FloatArray, float]:
    """The Newton step of the free parameters and the gain it promises."""
    step = np.zeros_like(gradient)
    if not free.any():
        return step, 0.0
    values, vectors = np.linalg.eigh(hessian[np.ix_(free, free)])
    floor = 1e-12 * float(np.abs(values).max()) + 1e-300
    curvature = np.maximum(np.abs(values), floor)
    along = vectors.T @ gradient[free]
    step[free] = vectors @ (along / curvature)
    return step, float(0.5 * np.sum(along**2 / curvature))
