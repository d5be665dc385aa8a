import { ChildDiedError, StageFailedError } from './errors.ts';
import { ranOutOfMemory } from './out-of-memory.ts';

const died = (how: string, lastLines = ''): Error => new ChildDiedError('trainNetwork', how, lastLines, '/logs/a.log');

test.each([
  [died('was killed by SIGKILL'), 1, true],
  [died('was killed by SIGKILL'), 0, false], // a person, or a script
  [died('was killed by SIGSEGV'), 1, false],
  [died('was killed by SIGABRT', 'what():  std::bad_alloc'), 0, true],
  [died('was killed by SIGABRT', 'FATAL ERROR: Reached heap limit: JavaScript heap out of memory'), 0, true],
  [new StageFailedError('Error', 'OOM when allocating tensor with shape[128,64,112,112]', true), 0, true],
  [new StageFailedError('Error', 'ENOSPC: no space left on device', true), 1, false],
  ['memory', 1, false],
])('%s with %d kills', (error, kills, ranOut) => {
  expect(ranOutOfMemory(error, kills)).toBe(ranOut);
});
