import type { Program } from '../row.ts';

/** The same program in both of PyTorch's memory layouts. */
export function inPytorch(file: string, args: Program['args']): readonly Program[] {
  return (['contiguous', 'channels_last'] as const).map((layout) => ({
    name: `PyTorch, ${layout}`,
    file,
    args: [...args, layout],
  }));
}
