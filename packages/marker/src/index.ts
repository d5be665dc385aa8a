export type * from './lib/types.ts';
