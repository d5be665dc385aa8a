import manifest from '../../package.json' with { type: 'json' };

/** Where TensorFlow.js keeps its one engine. Read there, as an import would load TensorFlow for stages without it. */
interface Global {
  readonly _tfengine?: { readonly backendInstance?: { readonly binding?: { readonly TF_Version?: string } } };
}

/** Versions of what computes in this process, for the run record; TensorFlow's, and its threads, where it is loaded. */
export function software(): Record<string, string> {
  const tensorflow = (globalThis as Global)._tfengine?.backendInstance?.binding?.TF_Version;
  const threads = process.env['TF_NUM_INTRAOP_THREADS']; // by default as many as there are cores
  return {
    radiotracer: manifest.version,
    ...(tensorflow && { tensorflow }),
    ...(tensorflow && threads && { TF_NUM_INTRAOP_THREADS: threads }),
  };
}
