import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { commitmentFile } from '@radiotracer/evidence';
import type { Artifact, Store } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';
import type { ForeignModel, NamedModel, TrainResult } from '@radiotracer/workflows';
import { carryOut, type RunOptions } from '../carry-out.ts';
import { requireServer } from '../connect.ts';
import { InputError, UsageError } from '../errors.ts';
import { foreignNetwork } from '../foreign-network.ts';
import { openPublication } from '../open-publication.ts';
import { checkPlaces } from '../places.ts';
import { progressView } from '../progress-view.ts';
import { readCommitment } from '../read-commitment.ts';
import { readResult } from '../read-result.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { storeOf } from '../store-place.ts';

export interface DetectOptions extends RunOptions, Pick<SettingsOptions, 'config' | 'set'> {
  readonly publication: string;
  readonly suspect: string;
  readonly key: string;
}

/**
 * Judges whether a network was trained on a publication, and leaves a report.
 *
 * @throws VerificationError if the publication is not what was committed to with this key
 */
export async function detectCommand(options: DetectOptions): Promise<void> {
  const { level, note } = await planOf(options);
  await checkPlaces(options);
  const store = storeOf(options);
  await requireServer(options);
  const { store: artifacts, key, marked } = await openPublication(store, options);
  const { model, path, assumed } = await findSuspect(artifacts, options.suspect, marked.train.facts.classNames);
  // Are they there? Those of their files that are damaged are made again where they are read.
  for (const artifact of Object.values(marked)) await artifacts.describe(artifact);
  const input = {
    store,
    locations: {
      key: resolve(options.key),
      publication: resolve(options.publication),
      ...(path !== undefined && { network: path }),
    },
    keyId: key.keyId,
    marked,
    models: [model],
    log10Level: Math.log10(level),
    title: `Suspect ${options.suspect}`,
  };
  const notes = [note, assumed].filter((text) => text !== undefined).join('\n');
  await carryOut({ name: 'detect', input, ...(notes && { note: notes }) }, progressView(options), options);
}

/** The level that was committed to before the release, or else the one of the settings. */
async function planOf(options: DetectOptions): Promise<{ level: number; note?: string }> {
  const layers = await settingsLayers(options, ['level']);
  const path = join(options.publication, commitmentFile);
  if (!existsSync(path)) {
    const { level } = resolveSettings(layers);
    return { level, note: `no evidence will be left for others to check: there is no ${path} ("radiotracer commit")` };
  }
  const { plan } = await readCommitment(path);
  const { level } = resolveSettings([{ origin: path, values: { level: plan.level } }, ...layers]);
  if (level === plan.level) return { level };
  throw new UsageError(`level: found ${level}, but ${path} commits to ${plan.level}; leave the level out`);
}

interface Suspect {
  readonly model: NamedModel | ForeignModel;
  /** Of a file that is not in the store. */
  readonly path?: string;
  /** What is assumed of such a file, for people. */
  readonly assumed?: string;
}

/** @param classNames - those of the publication, which the suspect's must be */
async function findSuspect(store: Store, suspect: string, classNames: readonly string[]): Promise<Suspect> {
  const found = await stat(suspect).catch(() => undefined);
  if (found?.isFile()) {
    const { weightsSha256, note } = await foreignNetwork(suspect, classNames);
    return { model: { name: 'suspect', weightsSha256 }, path: resolve(suspect), assumed: note };
  }
  const network = found?.isDirectory()
    ? (await readResult<TrainResult>(suspect, 'network')).network
    : await networkOfKey(store, suspect);
  await store.describe(network);
  const [its, ours] = [network.facts.classNames, classNames].map((names) => names.join(', '));
  if (its !== ours) {
    throw new InputError(`--suspect ${suspect} has the classes ${its}, the publication ${ours}; expected the same`);
  }
  return { model: { name: 'suspect', network } };
}

/** A network by the start of its key in the store. */
async function networkOfKey(store: Store, suspect: string): Promise<Artifact<NetworkFacts>> {
  const networks = (await store.list()).filter(({ stage }) => ['trainNetwork', 'trainLastLayer'].includes(stage));
  const matching = networks.filter(({ key }) => key.startsWith(suspect));
  const [network] = matching;
  if (network && matching.length === 1) return network as Artifact<NetworkFacts>;
  throw new InputError(
    `--suspect ${suspect} is no folder or file, and the start of the keys of ${matching.length} networks in the store, ` +
      `which has ${networks.map(({ key }) => key.slice(0, 12)).join(', ') || 'none'}`,
  );
}
