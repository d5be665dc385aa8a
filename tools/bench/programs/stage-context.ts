import type { Progress, StageContext } from '@radiotracer/store';

/** A context for a stage that runs by itself, with all its files in one folder. */
export function stageContext(
  folder: string,
  parts: Partial<StageContext> = {},
): StageContext & { readonly report: (progress: Progress) => void } {
  return {
    outputDir: folder,
    scratchDir: folder,
    logDir: folder,
    locations: {},
    open: () => Promise.reject(new Error('opens nothing')),
    report: () => undefined,
    signal: new AbortController().signal,
    ...parts,
  };
}
