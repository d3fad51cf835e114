"""Which readable sources the fast forms were held to; tools/hold_fast_forms.py writes it."""

HELD_TO = {
    "Attention": "0e408c26b2378892",
    "AutogradNet": "8c9a90c5cca7d9da",
    "LSTM": "0ea0ed37f6f1a6bd",
    "LogisticRegression": "546d212287f4c4b0",
    "MLP": "3fbe4ce6883a5270",
    "RNN": "4dbb63d0383de9b5",
    "TwoLayerNet": "a56c2efb92ceaf9e",
}
