"""Steps of marking 12 images × 10 versions, as `optimizeVersions` does: python mark.py <size> <steps> <layout>"""
import random
import sys
import time

import torch
from torch.nn.functional import normalize, pad

from common import MEAN, STD, layouts, print_result, resnet18

size, steps, layout = int(sys.argv[1]), int(sys.argv[2]), layouts[sys.argv[3]]
IMAGES, VERSIONS, PADDING, RADIUS, WARM_UP = 12, 10, 4, 8, 3
net = resnet18("imagenet")
net.fc = torch.nn.Identity()
net = net.to(memory_format=layout).eval().requires_grad_(False)
originals = torch.randint(0, 256, (IMAGES, 3, size, size)).float()
repeated = originals.repeat_interleave(VERSIONS, 0)
carriers = normalize(torch.randn(IMAGES * VERSIONS, 512), dim=1)
delta = torch.zeros_like(repeated, requires_grad=True)
optimizer = torch.optim.Adam([delta], lr=0.5)
low, high = torch.clamp(-repeated, min=-RADIUS), torch.clamp(255 - repeated, max=RADIUS)


def moved(images, moves, versions):
    """Crop and mirror image, the same for all versions of an image; normalised."""
    padded = pad(images, (PADDING,) * 4).view(IMAGES, versions, 3, size + 2 * PADDING, size + 2 * PADDING)
    parts = [padded[i, :, :, top : top + size, left : left + size] for i, (top, left, _) in enumerate(moves)]
    parts = [part.flip(3) if flip else part for part, (_, _, flip) in zip(parts, moves)]
    return ((torch.cat(parts) / 255 - MEAN) / STD).contiguous(memory_format=layout)


def step():
    moves = [(random.randrange(2 * PADDING + 1), random.randrange(2 * PADDING + 1), random.random() < 0.5) for _ in range(IMAGES)]
    with torch.no_grad():
        reference = net(moved(originals, moves, 1)).repeat_interleave(VERSIONS, 0)
    versions = repeated + delta
    versions = versions + (versions.round() - versions).detach()
    shift = net(moved(versions, moves, VERSIONS)) - reference
    change = (versions - repeated).flatten(1)
    loss = -(shift * carriers).sum(1) + 0.01 * (shift + 1e-12).norm(dim=1) + 0.0005 * (change + 1e-12).norm(dim=1)
    optimizer.zero_grad()
    loss.sum().backward()
    optimizer.step()
    with torch.no_grad():
        delta.copy_(torch.maximum(torch.minimum(delta, high), low))


for _ in range(WARM_UP):
    step()
start = time.perf_counter()
for _ in range(steps):
    step()
print_result(steps * IMAGES * VERSIONS / (time.perf_counter() - start))
