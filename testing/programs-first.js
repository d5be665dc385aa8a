import TestSequencer from '@jest/test-sequencer';

/** Projects whose tests run whole programs. */
const programs = ['faults', 'worker', 'cli'];

/**
 * Begins with the tests that run whole programs: they take minutes, most of which they wait, and what the short ones of
 * the packages need fits in between and behind them.
 */
export default class ProgramsFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ context }) => (programs.includes(context.config.displayName.name) ? 0 : 1);
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
