"""PyTorch's fine-tune by the project's own scheme, for `train-run`.

Answers each line {training, validation, epochs, batch, warmup, horizon, units} with {"seconds", "processorSeconds", "losses"}: so many epochs of shuffled batches
with the same loss (Student-t, every step after the warm-up), dropout, clipping, Adam, a validation after each, and a copy of the best.
"""

import json
import math
import random
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


class Network(torch.nn.Module):
    def __init__(self, inputs, units, outputs):
        super().__init__()
        self.lstm = torch.nn.LSTM(inputs, units[0], len(units), dropout=0.1)
        self.dropout = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(units[-1], outputs)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, x, warmup):
        return self.head(self.dropout(self.lstm(x)[0][warmup:]))


def loss_of(answers, y, horizon):
    m, l, q = answers.split(horizon, dim=-1)
    known = ~torch.isnan(y)
    m, l, q, y = m[known], l[known], q[known], y[known]
    dof = 2 + 4 * torch.exp(torch.clamp(0.3 * q, -4.5, 4.5))
    scale = torch.sqrt((dof - 2) / dof) * torch.exp(torch.clamp(0.3 * l, -3, 3))
    z = (y - 0.1 * m) / scale
    peak = torch.lgamma((dof + 1) / 2) - torch.lgamma(dof / 2) - 0.5 * torch.log(dof * math.pi)
    return torch.mean(torch.log(scale) - peak + 0.5 * (dof + 1) * torch.log1p(z * z / dof))


def run(training, validation, epochs, batch, warmup, horizon, units):
    def tensors(sequences):
        x = torch.tensor([s["features"] for s in sequences], dtype=torch.float32)
        y = torch.tensor([[math.nan if v is None else v for v in s["targets"]] for s in sequences])
        return (
            x.reshape(len(sequences), -1, 2).transpose(0, 1).contiguous(),
            y.reshape(len(sequences), -1, horizon).transpose(0, 1).contiguous(),
        )

    torch.manual_seed(1)
    random.seed(1)
    start, busy = time.perf_counter(), time.process_time()
    network = Network(2, units, 3 * horizon)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    x, y = tensors(training)
    held_x, held_y = tensors(validation)
    order = list(range(len(training)))
    losses, best = [], None
    for _ in range(epochs):
        network.train()
        random.shuffle(order)
        for at in range(0, len(order), batch):
            own = order[at : at + batch]
            optimiser.zero_grad()
            loss_of(network(x[:, own], warmup), y[:, own], horizon).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
        network.eval()
        with torch.no_grad():
            losses.append(loss_of(network(held_x, warmup), held_y, horizon).item())
        if losses[-1] == min(losses):
            best = {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(best)
    return {"seconds": time.perf_counter() - start, "processorSeconds": time.process_time() - busy, "losses": losses}


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
