import { WeightsError } from './errors.ts';

/** First bytes of what `torch.save` writes: a zip archive, or, before version 1.6, a pickle. */
const MAGIC = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x80, 0x02],
  [0x80, 0x03],
  [0x80, 0x04],
  [0x80, 0x05],
];

/**
 * Refuses a PyTorch checkpoint: a pickle is a program, which runs when it is read.
 *
 * @param bytes - the first four or more of the file
 * @throws WeightsError with the command that makes a safetensors file of it, if name or bytes say that it is one
 */
export function refusePickle(file: string, bytes: Uint8Array): void {
  // A safetensors file that was given such a name starts with the length of its header, and a brace.
  const isSafetensors = bytes[8] === 0x7b;
  const isNamedSo = /\.(pth|pt|bin|ckpt|pkl|tar)$/i.test(file) && !isSafetensors;
  if (!isNamedSo && !MAGIC.some((magic) => magic.every((byte, i) => bytes[i] === byte) && !isSafetensors)) return;
  const target = `${file.replace(/\.[^./]*$/, '')}.safetensors`;
  throw new WeightsError(
    file,
    `a PyTorch pickle can run code when it is read, so it is not; convert it where you trust it: ${command(file, target)}`,
  );
}

function command(source: string, target: string): string {
  return (
    'python -c "import sys, torch; from safetensors.torch import save_file; ' +
    "d = torch.load(sys.argv[1], map_location='cpu', weights_only=True); d = d.get('state_dict', d); " +
    'save_file({k: v.float().contiguous() for k, v in d.items()}, sys.argv[2])" ' +
    `${quoted(source)} ${quoted(target)}`
  );
}

/** For a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
