"""What the programs in PyTorch share."""
import json
from resource import RUSAGE_SELF, getrusage

import torch
import torchvision

torch.manual_seed(1)
layouts = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def resnet18(stem):
    net = torchvision.models.resnet18(num_classes=10)
    if stem == "small":
        net.conv1 = torch.nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        net.maxpool = torch.nn.Identity()
    return net


def print_result(rate, **more):
    usage = getrusage(RUSAGE_SELF)
    cpu = usage.ru_utime + usage.ru_stime
    print(json.dumps({"rate": rate, "peakMemoryMb": round(usage.ru_maxrss / 1024), "cpuSeconds": cpu, **more}))
