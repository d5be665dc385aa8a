import { temporalServer } from '@radiotracer/setup/locations';
import { DevServerError } from './errors.ts';

/**
 * The `temporal` executable that runs the development server: `RADIOTRACER_TEMPORAL_BIN`, else the one on PATH if it is
 * new enough, else the one that the set-up built.
 *
 * @returns its path
 * @throws DevServerError if there is none
 */
export function temporalBinary(): string {
  const path = temporalServer();
  if (path !== undefined) return path;
  throw new DevServerError(
    'worker: no Temporal server found. Run `npm run setup`, or name a `temporal` executable in RADIOTRACER_TEMPORAL_BIN',
  );
}
