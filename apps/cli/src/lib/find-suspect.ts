import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { identityOf, readEndpoint } from '@radiotracer/detector/queries';
import { sha256File, type Artifact, type Store } from '@radiotracer/store';
import type { ShardsFacts } from '@radiotracer/corpus';
import type { NetworkFacts } from '@radiotracer/trainer';
import type { NamedModel, TrainResult } from '@radiotracer/workflows';
import { InputError, UsageError } from './errors.ts';
import { foreignNetwork } from './foreign-network.ts';
import { foreignOnnx, isOnnx } from './foreign-onnx.ts';
import { readResult } from './read-result.ts';

/** What a suspect is named by: one of them. */
export interface SuspectOptions {
  readonly suspect?: string;
  /** Output of an ONNX file that holds the logits. */
  readonly logits?: string;
  readonly answers?: string;
  readonly endpoint?: string;
}

export interface FoundSuspect {
  readonly model: NamedModel;
  /** Heads the report. */
  readonly title: string;
  /** Where a file lies that is not in the store. */
  readonly locations?: Readonly<Record<string, string>>;
  /** What is assumed of it, for people. */
  readonly assumed?: string;
}

/** @throws UsageError unless one suspect is named, and an output only of an ONNX file */
export function requireOneSuspect({ suspect, logits, answers, endpoint }: SuspectOptions): void {
  if (logits !== undefined && !isOnnx(suspect ?? '')) {
    throw new UsageError(`detect: --logits ${logits} names an output of an ONNX file, expected --suspect <file>.onnx`);
  }
  const found = [suspect, answers, endpoint].filter((each) => each !== undefined).length;
  if (found === 1) return;
  throw new UsageError(
    `detect: found ${found === 0 ? 'none' : found} of --suspect <network>, --answers <file> and --endpoint <file>, ` +
      'expected one of them',
  );
}

/**
 * What `--suspect`, `--answers` or `--endpoint` names, checked as far as it can be at once.
 *
 * @param corpus - of the publication, whose classes the suspect's must be
 * @throws InputError, WeightsError, OnnxError, EndpointError
 */
export async function findSuspect(
  store: Store,
  { suspect = '', logits, answers, endpoint }: SuspectOptions,
  corpus: ShardsFacts,
): Promise<FoundSuspect> {
  if (answers !== undefined) return findTable(answers);
  if (endpoint !== undefined) return findEndpoint(endpoint);
  if (isOnnx(suspect) && (await stat(suspect).catch(() => undefined))?.isFile())
    return findOnnx(suspect, corpus, logits);
  return findNetwork(store, suspect, corpus.classNames);
}

async function findTable(answers: string): Promise<FoundSuspect> {
  const tableSha256 = await sha256File(answers).catch(({ code }: NodeJS.ErrnoException) => {
    throw new InputError(`--answers: ${answers} cannot be read (${code}); name a CSV, JSON Lines or Parquet file`);
  });
  const model = { name: 'suspect', tableSha256 };
  return { model, title: `Answers ${answers}`, locations: { answers: resolve(answers) } };
}

async function findEndpoint(file: string): Promise<FoundSuspect> {
  const endpoint = identityOf(await readEndpoint(file));
  const model = { name: 'suspect', endpoint };
  return { model, title: `Endpoint ${endpoint.url}`, locations: { endpoint: resolve(file) } };
}

async function findOnnx(suspect: string, corpus: ShardsFacts, logits?: string): Promise<FoundSuspect> {
  const { onnx, note } = await foreignOnnx(suspect, corpus, logits);
  const model = { name: 'suspect', onnx };
  return { model, title: `Suspect ${suspect}`, locations: { network: resolve(suspect) }, assumed: note };
}

async function findNetwork(store: Store, suspect: string, classNames: readonly string[]): Promise<FoundSuspect> {
  const [name, title] = ['suspect', `Suspect ${suspect}`];
  const found = await stat(suspect).catch(() => undefined);
  if (found?.isFile()) {
    const { weightsSha256, note } = await foreignNetwork(suspect, classNames);
    return { model: { name, weightsSha256 }, title, locations: { network: resolve(suspect) }, assumed: note };
  }
  const network = found?.isDirectory()
    ? (await readResult<TrainResult>(suspect, 'network')).network
    : await networkOfKey(store, suspect);
  await store.describe(network);
  const [its, ours] = [network.facts.classNames, classNames].map((names) => names.join(', '));
  if (its === ours) return { model: { name, network }, title };
  throw new InputError(`--suspect ${suspect} has the classes ${its}, the publication ${ours}; expected the same`);
}

/** A network by the start of its key in the store. */
async function networkOfKey(store: Store, suspect: string): Promise<Artifact<NetworkFacts>> {
  const networks = (await store.list()).filter(({ stage }) => ['trainNetwork', 'trainLastLayer'].includes(stage));
  const matching = networks.filter(({ key }) => key.startsWith(suspect));
  const [network] = matching;
  if (network && matching.length === 1) return network as Artifact<NetworkFacts>;
  const keys = (found: typeof networks): string => found.map(({ key }) => key.slice(0, 12)).join(', ');
  throw new InputError(
    matching.length > 1
      ? `--suspect ${suspect} is the start of the keys of ${matching.length} networks in the store: ${keys(matching)}; expected one`
      : `--suspect ${suspect} does not exist, and no network in the store has a key that starts so; ` +
          `${networks.length === 0 ? 'the store has none' : `those of the store are ${keys(networks)}`}`,
  );
}
