"""Saves images as JPEG files, as PIL does by default: write-jpegs.py < [{"file", "quality", "height", "width", "pixels": base64}, …]"""
import base64, json, sys
from PIL import Image

for image in json.load(sys.stdin):
    size = (image["width"], image["height"])
    Image.frombytes("RGB", size, base64.b64decode(image["pixels"])).save(image["file"], quality=image["quality"])
