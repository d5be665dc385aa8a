import { createRequire } from 'node:module';
import type { StageName } from '@radiotracer/workflows';
import manifest from '../../package.json' with { type: 'json' };

/** Where TensorFlow.js keeps its one engine. Read there, as an import would load TensorFlow for stages without it. */
interface Global {
  readonly _tfengine?: { readonly backendInstance?: { readonly binding?: { readonly TF_Version?: string } } };
}

/**
 * Versions of what computes in this process, for the run record: TensorFlow's, and its threads, where it is loaded, and
 * onnxruntime's, which computes on all cores, where the stage will load it.
 */
export function software(stage: StageName): Record<string, string> {
  const tensorflow = (globalThis as Global)._tfengine?.backendInstance?.binding?.TF_Version;
  const onnxruntime = stage === 'askOnnx' && onnxruntimeVersion();
  const threads = process.env['TF_NUM_INTRAOP_THREADS']; // by default as many as there are cores
  return {
    radiotracer: manifest.version,
    ...(tensorflow && { tensorflow }),
    ...(tensorflow && threads && { TF_NUM_INTRAOP_THREADS: threads }),
    ...(onnxruntime && { onnxruntime }),
  };
}

/** Undefined where it is not installed, which the stage will say. */
function onnxruntimeVersion(): string | undefined {
  try {
    return (createRequire(import.meta.url)('onnxruntime-node/package.json') as { readonly version: string }).version;
  } catch {
    return undefined;
  }
}
