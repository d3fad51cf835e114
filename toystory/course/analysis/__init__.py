"""Looking inside a network, trained or not: the numbers behind the pictures.

Pure functions of a model: they draw nothing, change nothing, and cost a few milliseconds at most.

- `surface`: the answer over the square of two bits.
- `hidden_space`: where the rows lie in the space of the hidden units, and the output's line there.
- `weights`: weights as pictures on a symmetric scale.
- `network`: what each unit says of a row, how much it is blamed, and the weights between them.
- `units`: dead, saturated, and gates nearly open or closed.
- `counting`: hidden units and answers as functions of a count of ones.
- `memory`: what a recurrent model remembers of a row, bit by bit.
- `gradient_flow`: how much gradient reaches the bits far from the end.
- `signals`: how large activations and gradients are, layer by layer or step by step.
- `starts`: the same network from other first weights.
- `gradient_noise`: how far the gradient of a batch is from that of all rows, for several sizes.
- `health`: how fast the parameters move, and how large their gradients are.

A model that has diverged can be looked at like any other. One rule holds for every result: its numbers are
finite or NaN, and NaN says that there is no number to show (an infinite one is none). Scales and bounds are
always finite.
"""
