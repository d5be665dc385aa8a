"""Losses, then features, of 8-bit images in memory, 250 at a time: python infer.py <size> <images> <layout>"""
import sys
import time

import torch
from torch.nn.functional import cross_entropy

from common import MEAN, STD, layouts, print_result, resnet18

size, count, layout = int(sys.argv[1]), int(sys.argv[2]), layouts[sys.argv[3]]
BATCH, WARM_UP = 250, 500
net = resnet18("imagenet").to(memory_format=layout).eval().requires_grad_(False)
last, net.fc = net.fc, torch.nn.Identity()
pixels = torch.randint(0, 256, (count, size, size, 3), dtype=torch.uint8)
labels = torch.arange(count) % 10


@torch.inference_mode()
def features(start):
    images = pixels[start : start + BATCH].permute(0, 3, 1, 2)
    return net(((images / 255 - MEAN) / STD).contiguous(memory_format=layout))


@torch.inference_mode()
def losses(start):
    logits = last(features(start))
    return cross_entropy(logits, labels[start : start + BATCH], reduction="none").numpy(), logits.argmax(1).numpy()


def both(count):
    for start in range(0, count, BATCH):
        losses(start)
    for start in range(0, count, BATCH):
        features(start).numpy()


both(WARM_UP)
start = time.perf_counter()
both(count)
print_result(2 * count / (time.perf_counter() - start))
