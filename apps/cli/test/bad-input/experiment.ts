/** The arguments of an experiment in which everything is in order, with other values of some flags. */
export function experiment(flags: Readonly<Record<string, string>> = {}, ...more: readonly string[]): string[] {
  const inOrder = { corpus: 'corpus', key: 'my.key', config: 'ok.yaml', store: 'store', out: 'out' };
  return [
    'experiment',
    ...Object.entries({ ...inOrder, ...flags }).flatMap(([name, value]) => [`--${name}`, value]),
    ...more,
  ];
}
