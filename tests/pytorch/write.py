"""Trains small networks in PyTorch and writes their weights, with inputs and outputs, into a folder: write.py FOLDER."""
import sys
from collections import OrderedDict

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

folder = sys.argv[1]


class Last(nn.Module):
    """A recurrent layer, and a linear one on its output at the last step (both ends for one that reads both ways)."""

    def __init__(self, layer, outputs):
        super().__init__()
        self.rnn, self.fc = layer, nn.Linear(layer.hidden_size * (2 if layer.bidirectional else 1), outputs)

    def forward(self, x):
        y, _ = self.rnn(x)
        h = self.rnn.hidden_size
        return self.fc(torch.cat([y[:, -1, :h], y[:, 0, h:]], 1) if self.rnn.bidirectional else y[:, -1])


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.conv2, self.bn2 = nn.Conv2d(4, 4, 3, bias=False), nn.BatchNorm2d(4)
        self.fc = nn.Linear(16, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        return self.fc(F.relu(self.bn2(self.conv2(x))).flatten(1))


class Words(nn.Module):
    """Token numbers to scores: embedding, one Transformer encoder layer, the mean over time."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 8)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True), 2)
        self.norm, self.fc = nn.LayerNorm(8), nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(self.norm(self.encoder(self.embedding(x))).mean(1))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        return self.attn(x, x, x, need_weights=False)[0]


def numbers(*shape):
    return torch.randn(*shape)


torch.manual_seed(0)
cases = OrderedDict(
    mlp=(nn.Sequential(OrderedDict(fc1=nn.Linear(4, 8), act=nn.ReLU(), fc2=nn.Linear(8, 3))), numbers(6, 4)),
    cnn=(Cnn(), numbers(6, 1, 8, 8)),
    rnn=(Last(nn.RNN(3, 5, batch_first=True), 2), numbers(4, 7, 3)),
    lstm=(Last(nn.LSTM(3, 5, batch_first=True), 2), numbers(4, 7, 3)),
    gru=(Last(nn.GRU(3, 5, batch_first=True), 2), numbers(4, 7, 3)),
    bilstm=(Last(nn.LSTM(3, 4, batch_first=True, bidirectional=True), 2), numbers(4, 7, 3)),
    stack=(Last(nn.GRU(3, 4, 2, batch_first=True, bidirectional=False), 2), numbers(4, 7, 3)),
    attention=(Attention(), numbers(3, 5, 8)),
    words=(Words(), torch.randint(0, 11, (5, 6))),
)

for name, (model, x) in cases.items():
    model.train()
    with torch.no_grad():
        target = torch.randn(model(x).shape)
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for step in range(30):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), target)
        loss.backward()
        optimizer.step()
    model.eval()
    y = model(x).detach()
    torch.save(model.state_dict(), f"{folder}/{name}.pt")
    np.savez(f"{folder}/{name}.io.npz", input=x.numpy(), output=y.numpy(), target=target.numpy())
    if name == "mlp":
        torch.save(model.state_dict(), f"{folder}/mlp.old.pt", _use_new_zipfile_serialization=False)
        torch.save(
            {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": loss.item(), "name": "mlp"}, f"{folder}/mlp.checkpoint.pt")
        torch.save(model, f"{folder}/mlp.whole.pt")
        torch.save({f"module.{k}": v.half() for k, v in model.state_dict().items()}, f"{folder}/mlp.half.pth")
    print(f"{name:10} loss {loss.item():.4f}, {sum(p.numel() for p in model.parameters())} parameters")

base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
torch.save(
    {
        "f64": torch.linspace(-1, 1, 5, dtype=torch.float64), "f16": torch.tensor([1.0, -2.5, 65504.0, float("inf")]).half(),
        "bf16": torch.tensor([1.0, -2.5, 3e38, float("nan")]).bfloat16(), "i64": torch.tensor([-(2**62), 7]), "i32": torch.tensor([-5, 6], dtype=torch.int32),
        "i16": torch.tensor([-5, 6], dtype=torch.int16), "i8": torch.tensor([-5, 6], dtype=torch.int8), "u8": torch.tensor([250, 6], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3), "base": base, "transposed": base.permute(2, 0, 1),
        "part": base[1, :, 1:3], "stepped": base[:, ::2], "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 3), "parameter": nn.Parameter(torch.ones(2)),
        "nested": [torch.ones(1), {"deep": (torch.zeros(2), 4)}], "size": torch.Size([2, 3]), "device": torch.device("cpu"),
    },
    f"{folder}/kinds.pt")
torch.save(base[1, :, 1:3], f"{folder}/tensor.pt")
np.savez(
    f"{folder}/kinds.npz", f2=np.float16([1, -2.5]), f4=np.float32([[1, 2, 3], [4, 5, 6]]), f8=np.float64([1e300]), i1=np.int8([-5]), i2=np.int16([-500]), i4=np.int32([-70000]),
    i8=np.int64([-(2**62)]), u1=np.uint8([250]), u2=np.uint16([65000]), u4=np.uint32([4000000000]), u8=np.uint64([2**63 - 1]), b1=np.array([True, False]), scalar=np.float32(2.5),
    empty=np.zeros((0, 3), "f4"), fortran=np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4)), big=np.arange(6, dtype=">f4").reshape(2, 3),
    both=np.asfortranarray(np.arange(6, dtype=">i2").reshape(2, 3)))
np.savez_compressed(f"{folder}/deflated.npz", zeros=np.zeros((40, 25), "f4"), ramp=np.arange(100, dtype="f8"))
np.save(f"{folder}/array.npy", np.arange(6, dtype="<f8").reshape(2, 3))
np.save(f"{folder}/objects.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
for version in ((1, 0), (2, 0), (3, 0)):
    with open(f"{folder}/version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(3, dtype="<i4"), version)
