"""The authors' recipe on the marking case: 900 steps of SGD with rate 1. python time_to_mark.py <folder>

Settings of facebookresearch/radioactive_data; the code is written afresh from the paper and them: random resized crop and
mirror image at each step; reference features of the whole image; λ_ft 0.01; λ_img 0.0005 on the squared norm in normalised
units; radius 10; rounded at every tenth step.
"""
import json
import math
import os
import random
import sys
import time

import numpy as np
import torch
from torch.nn.functional import affine_grid, grid_sample

from common import MEAN, STD, print_result, resnet18

STEPS, RATE, LAMBDA_FT, LAMBDA_IMG, RADIUS, ROUND_EVERY = 900, 1.0, 0.01, 0.0005, 10, 10
folder = sys.argv[1]


def read_safetensors(path):
    data = open(path, "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    entries = json.loads(data[8:start])
    entries.pop("__metadata__", None)
    return {
        name: torch.from_numpy(np.frombuffer(data[start + a : start + b], np.float32).copy()).view(entry["shape"])
        for name, entry in entries.items()
        for a, b in [entry["data_offsets"]]
    }


net = resnet18("imagenet")
net.load_state_dict(read_safetensors(os.path.join(folder, "weights.safetensors")), strict=False)
net.fc = torch.nn.Identity()
net = net.to(memory_format=torch.channels_last).eval().requires_grad_(False)
carriers = torch.from_numpy(np.fromfile(os.path.join(folder, "carriers.bin"), np.float32)).view(-1, 512)
pixels = torch.from_numpy(np.fromfile(os.path.join(folder, "images.bin"), np.uint8)).view(len(carriers), 32, 32, 3)
pixels = pixels.permute(0, 3, 1, 2).float()


def normalised(levels):
    return (levels / 255 - MEAN) / STD


def levels(images):
    return (images * STD + MEAN) * 255


def random_resized_crop(images):
    """torchvision's draw (area 8 to 100%, ratio 3/4 to 4/3) for each image, and a mirror image half the time."""
    theta = torch.zeros(len(images), 2, 3)
    for i in range(len(images)):
        while True:
            area, ratio = random.uniform(0.08, 1), math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
            width, height = math.sqrt(area * ratio), math.sqrt(area / ratio)
            if width <= 1 and height <= 1:
                break
        theta[i, 0, 0] = width * random.choice((-1, 1))
        theta[i, 1, 1] = height
        theta[i, 0, 2] = random.uniform(width - 1, 1 - width)
        theta[i, 1, 2] = random.uniform(height - 1, 1 - height)
    crops = grid_sample(images, affine_grid(theta, list(images.shape), align_corners=False), align_corners=False)
    return crops.contiguous(memory_format=torch.channels_last)


def mark(steps):
    originals = normalised(pixels)
    with torch.no_grad():
        reference = net(originals.contiguous(memory_format=torch.channels_last))
    images = originals.clone().requires_grad_(True)
    optimizer = torch.optim.SGD([images], lr=RATE)
    low, high = torch.clamp(pixels - RADIUS, min=0), torch.clamp(pixels + RADIUS, max=255)
    for step in range(steps):
        shift = net(random_resized_crop(images)) - reference
        loss = -(shift * carriers).sum() + LAMBDA_FT * shift.norm(dim=1).sum() + LAMBDA_IMG * ((images - originals) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            now = torch.maximum(torch.minimum(levels(images), high), low)
            images.copy_(normalised(now.round() if (step + 1) % ROUND_EVERY == 0 else now))
    return levels(images.detach()).round()


mark(2)
start = time.perf_counter()
versions = mark(STEPS)
seconds = time.perf_counter() - start
with torch.no_grad():
    shift = net(normalised(versions).contiguous(memory_format=torch.channels_last))
    shift = shift - net(normalised(pixels).contiguous(memory_format=torch.channels_last))
psnr = 10 * torch.log10(255**2 / ((versions - pixels) ** 2).flatten(1).mean(1))
print_result(len(pixels) / seconds, shift=(shift * carriers).sum(1).mean().item(), psnrDb=psnr.quantile(0.5).item())
