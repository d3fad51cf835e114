"""What a trained model of ours can become for other frameworks."""

MODEL_SUFFIXES = {
    "pytorch": "_pytorch.py",
    "keras": "_keras.py",
    "flax": "_flax.py",
    "equinox": "_equinox.py",
    "onnx": ".onnx",
    "safetensors": ".safetensors",
}
"""How the names of the files end, by the form."""
