/** An image of 8 bits a channel: uint8 [H, W, 3]. Whoever changes one makes another. */
export interface Image {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** The same image with other pixels. */
export function withPixels(image: Image, pixelOf: (value: number, index: number) => number): Image {
  return { ...image, pixels: image.pixels.map(pixelOf) };
}

/** Luminance of each pixel, uint8 [H, W], as Pillow's `convert('L')`: ITU-R 601-2 in sixteen bits. */
export function luminance({ pixels }: Image): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < grey.length; i++) {
    const [r, g, b] = [pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]] as [number, number, number];
    grey[i] = (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
  }
  return grey;
}

/** Three equal channels, as torchvision's `Grayscale(3)`. */
export function greyed(image: Image): Image {
  const grey = luminance(image);
  return withPixels(image, (_, i) => grey[Math.floor(i / 3)] as number);
}
