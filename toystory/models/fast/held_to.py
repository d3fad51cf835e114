"""Which readable sources the fast forms were held to; tools/hold_fast_forms.py writes it."""

HELD_TO = {
    "Attention": "6fdd212d5e62a96b",
    "AutogradNet": "6d4049e4945ef99e",
    "LSTM": "6bba43b0f53f073d",
    "LogisticRegression": "87e113757ebc74c1",
    "MLP": "aae04ecc4192c048",
    "RNN": "ef740fb0a252a510",
    "TwoLayerNet": "59bd5fdd1301f3f3",
}
