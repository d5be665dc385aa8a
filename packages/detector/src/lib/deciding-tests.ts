import { anytimeTest } from './anytime-decoy-test.ts';
import { correctedTest } from './exact-decoy-test.ts';

/**
 * The tests that may carry a verdict, by the words of the settings. Which one does is fixed before looking: `exact` has more
 * power, `anytime` lets a suspect be asked no longer than needed.
 */
export const decidingTests = { exact: correctedTest, anytime: anytimeTest } as const;
export type DecidingTest = keyof typeof decidingTests;
