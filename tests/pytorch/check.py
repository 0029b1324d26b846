"""Loads what Glia trained and wrote into PyTorch and NumPy and compares the outputs: check.py FOLDER. Exit code 1 when anything differs."""
import glob
import json
import os
import runpy
import struct
import sys

import numpy as np
import torch

folder = sys.argv[1]
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "BOOL": "?"}


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[e["data_offsets"][0]:e["data_offsets"][1]], TYPES[e["dtype"]]).reshape(e["shape"]).copy() for name, e in header.items()}


# The same networks, untrained: what write.py made is not used again.
sys.argv[1] = sys.argv[2]
cases = runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "write.py"))["cases"]
failed = 0
for path in sorted(glob.glob(f"{folder}/*.io.npz")):
    name = os.path.basename(path)[:-len(".io.npz")]
    model, io = cases[name][0], np.load(path)
    for file in (f"{folder}/{name}.safetensors", f"{folder}/{name}.npz"):
        state = read_safetensors(file) if file.endswith(".safetensors") else dict(np.load(file))
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.fill_(float("nan"))
        model.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in state.items()})
        model.eval()
        y = model(torch.from_numpy(io["input"])).detach().numpy()
        fits = np.allclose(y, io["output"], rtol=1e-4, atol=1e-5)
        failed += not fits
        print(f"{os.path.basename(file):24} {'same' if fits else 'DIFFERS'}, largest difference {np.abs(y - io['output']).max():.2e}")
kinds = np.load(f"{folder}/kinds.npz")
expected = {"f32": np.float32([[1.5, -2, 3], [4, 5, 6]]), "f64": np.float64([1e300]), "i32": np.int32([-70000]), "i64": np.int64([-(2**62)]), "bool": np.array([True, False]), "scalar": np.float32(2.5), "empty": np.zeros((0, 3), "f4")}
for key, value in expected.items():
    same = kinds[key].dtype == value.dtype and kinds[key].shape == value.shape and (kinds[key] == value).all()
    failed += not same
    print(f"kinds.npz {key:14} {'same' if same else 'DIFFERS'}")
array = np.load(f"{folder}/array.npy")
failed += not (array == expected["f32"]).all()
print("FAILED" if failed else "everything is the same")
sys.exit(1 if failed else 0)
