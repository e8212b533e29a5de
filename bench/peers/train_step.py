"""PyTorch's time for the training step of `train-step`: prints one JSON object. Usage: train_step.py STEPS BATCH UNITS LAYERS INPUTS OUTPUTS REPETITIONS"""

import json
import sys
import time

import torch

steps, batch, units, layers, inputs, outputs, repetitions = map(int, sys.argv[1:])
torch.set_num_threads(1)
torch.manual_seed(1)

lstm = torch.nn.LSTM(inputs, units, layers, batch_first=False, dropout=0.1)
head = torch.nn.Linear(units, outputs)
parameters = [*lstm.parameters(), *head.parameters()]
optimiser = torch.optim.Adam(parameters, lr=1e-3)
x = torch.randn(steps, batch, inputs)
y = torch.randn(batch, outputs)


def step():
    optimiser.zero_grad()
    answers = head(lstm(x)[0][-1])
    loss = torch.mean((answers - y) ** 2)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimiser.step()


times = []
for repetition in range(repetitions + 10):
    start = time.perf_counter()
    step()
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"version": torch.__version__, "milliseconds": times[10:]}))
