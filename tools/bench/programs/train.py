"""ResNet-18 training steps, of a batch that is in memory already: python train.py <size> <stem> <steps> <layout>"""
import sys
import time

import torch
from torch.nn.functional import cross_entropy

from common import layouts, print_result, resnet18

size, stem, steps, layout = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), layouts[sys.argv[4]]
BATCH, WARM_UP = 128, 3
net = resnet18(stem).to(memory_format=layout).train()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
images = torch.randn(BATCH, 3, size, size).to(memory_format=layout)
labels = torch.arange(BATCH) % 10


def step():
    optimizer.zero_grad()
    loss = cross_entropy(net(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(WARM_UP):
    step()
start = time.perf_counter()
for _ in range(steps):
    step()
print_result(steps * BATCH / (time.perf_counter() - start))
