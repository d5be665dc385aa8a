import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ImageShards } from '@radiotracer/corpus';
import { writeQueries } from '@radiotracer/detector/queries';
import { isS3, syncTree } from '@radiotracer/store';
import { openPublication } from '../open-publication.ts';
import { requireEmpty } from '../places.ts';
import { numberText } from '../progress-text.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { tableText } from '../summary.ts';

export interface QueriesOptions extends GlobalOptions {
  readonly publication: string;
  readonly out: string;
  readonly key: string;
  readonly store: string;
  readonly views?: true;
}

/**
 * Writes what must be asked of a suspect that is not at hand, and the index that says what is what.
 *
 * @throws VerificationError if publication or versions are not what was committed to with this key
 */
export async function queriesCommand(options: QueriesOptions): Promise<void> {
  const out = resolve(options.out);
  await requireEmpty(out);
  const place = isS3(options.store) ? options.store : resolve(options.store);
  const { store, key, manifest, marked } = await openPublication(place, options);
  const shards = await ImageShards.open(await store.verify(marked.versions));
  const target = await realpath(out).catch(() => out); // where a link leads, if it is one
  const aside = join(dirname(target), `.${basename(target)}.partial`); // nobody takes half of the queries for all
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    const { commitment } = marked.publication.facts;
    const inViews = options.views === true;
    const written = await writeQueries(aside, { key, commitment, manifest, versions: shards, inViews });
    await syncTree(aside);
    await rename(aside, target); // takes the place of an empty folder, and of no other
    const [toAsk, toKeep] = [join(out, 'queries'), join(out, 'private')];
    printResult(
      options,
      { ...written, out, toAsk, toKeep },
      `${numberText(written.queries)} queries: ${numberText(written.marked)} marked images × ${written.versions} versions` +
        `${inViews ? ` × ${written.views} views` : ''}\n` +
        'Whoever asks sees decoys: do not let them be trained on, or no later verdict holds.\n\n' +
        tableText([
          ['to ask the suspect', toAsk],
          ['to keep secret', toKeep],
        ]),
    );
  } finally {
    shards.close();
    await rm(aside, { recursive: true, force: true });
  }
}
