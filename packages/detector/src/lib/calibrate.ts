import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from '@radiotracer/store';
import { calibrateTests } from './calibration.ts';
import { readEvidence } from './read-evidence.ts';
import type { CalibrateInput, CalibrationFacts } from './types.ts';

/** Leaves `calibration.json`: whether the p-values of the tests are true, on the models that were judged. */
export const calibrate: Stage<CalibrateInput, CalibrationFacts> = {
  name: 'calibrate',
  version: 2,
  async run({ models }, context) {
    const named = [];
    for (const { name, evidence } of models) named.push({ name, evidence: await readEvidence(evidence, context) });
    const calibration = calibrateTests(named);
    await writeFile(join(context.outputDir, 'calibration.json'), `${JSON.stringify(calibration, null, 2)}\n`);
    return {
      redraws: calibration.redraws,
      tests: calibration.tests.map(({ test, draws, isUniform, uniformity }) => ({
        test,
        draws,
        isUniform,
        uniformityLog10P: uniformity.log10P,
      })),
    };
  },
};
