"""The pictures of a look inside: each a function of a scene and of the room there is."""

from __future__ import annotations

from toystory.course.analysis.signals import has_signals
from toystory.lessons.attention.experiments import GATE
from toystory.models.loading import MODELS
from toystory.training.experiment import Experiment
from toystory.training.run import Study, Sweep
from toystory.tui.widgets.pictures import (
    attention,
    counting,
    first_weights,
    gradients,
    graph,
    health,
    memory,
    network,
    noise,
    sweeps,
    weights,
    wired,
)
from toystory.tui.widgets.pictures import decision_surface as decision_surface_picture
from toystory.tui.widgets.pictures import hidden_space as hidden_space_picture
from toystory.tui.widgets.pictures.scene import Picture

DECISION_SURFACE = Picture("the square", decision_surface_picture.draw)
HIDDEN_SPACE = Picture("the hidden space", hidden_space_picture.draw)
WEIGHTS = Picture("the weights", weights.draw)
ANSWERS = Picture("answers by count", counting.draw_answers)
VOTES = Picture("the counters", counting.draw_votes)
RUNS = Picture("the runs so far", sweeps.draw)
MEMORY = Picture("the memory", memory.draw_memory)
GATES = Picture("the gates", memory.draw_gates)
GRADIENTS = Picture("gradients", gradients.draw)
GRAPH = Picture("the graph", graph.draw)
NETWORK = Picture("the network", network.draw)
LOOKS = Picture("who looks at whom", attention.draw_looks)
SHARPNESS = Picture("attention by length", attention.draw_sharpness)
FOUND_GATE = Picture("the gate inside", attention.draw_found_gate)
WIRED = Picture("copies, wired", wired.draw)
HEALTH = Picture("health", health.draw)
NOISE = Picture("noise", noise.draw)
READING = (GRAPH, WIRED, NETWORK, MEMORY, GATES, LOOKS)
"""Those of a row that the learner types."""
MOST_UNITS, MOST_UNITS_IN_TIME = 1024, 256
"""Of a layer, and of a memory, whose start is drawn."""
START = Picture("start", first_weights.draw)


def pictures_for(study: Study, experiment: Experiment) -> tuple[Picture, ...]:
    """What there is to see of a model of `experiment`, one of `study`: the most telling first.

    Args:
        study: The experiment or sweep.
        experiment: The experiment.
    """
    if experiment.model == "Attention":
        aloud = (SHARPNESS, FOUND_GATE) if experiment.thinks_aloud else ()
        pictures: tuple[Picture, ...] = (LOOKS, *aloud, NETWORK)
    elif experiment.recurrent:
        gates = (GATES,) if experiment.model == "LSTM" else ()
        pictures = (MEMORY, *gates, GRADIENTS, NETWORK)
    else:
        layered = bool(experiment.hidden)
        pictures = (
            *((GRAPH,) if experiment.model == "AutogradNet" else ()),
            *((WIRED,) if experiment.name == GATE.name and experiment.columns == 2 else ()),
            *((DECISION_SURFACE,) if experiment.columns == 2 else ()),
            *((HIDDEN_SPACE,) if layered and experiment.columns == 2 else ()),
            *(
                (VOTES,)
                if "signs" in experiment.first_weights and experiment.model == "MLP" and layered
                else ()
            ),
            *((ANSWERS,) if experiment.columns > 2 and _parity_of_all(experiment) else ()),
            NETWORK,
            WEIGHTS,
            *((HIDDEN_SPACE,) if layered and experiment.columns > 2 else ()),
        )
    pictures += (NOISE,) if experiment.batch else ()
    runs = (RUNS,) if isinstance(study, Sweep) else ()
    start = (START,) if _can_be_begun_anew(experiment) else ()
    return (*pictures[:2], *runs, *pictures[2:], *start, HEALTH)


def _can_be_begun_anew(experiment: Experiment) -> bool:
    """Whether other first weights are drawn fast enough for a key; orthogonal ones of many units are not."""
    most = MOST_UNITS_IN_TIME if experiment.recurrent else MOST_UNITS
    return has_signals(MODELS[experiment.model]) and max(experiment.hidden, default=0) <= most


def _parity_of_all(experiment: Experiment) -> bool:
    return experiment.gate == "xor" and experiment.relevant is None
