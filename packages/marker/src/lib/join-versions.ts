import { joinShards } from '@radiotracer/corpus';
import type { Stage } from '@radiotracer/store';

import { readMarkingRecord, versionsFacts, writeMarkingRecord } from './marking-record.ts';
import { joinVersionFiles } from './version-files.ts';
import type { JoinVersionsInput, MarkingRecord, VersionsFacts } from './types.ts';

/** Joins the versions that were made in parts, perhaps on many machines: the artefact of `markImages` in one part. */
export const joinVersions: Stage<JoinVersionsInput, VersionsFacts> = {
  name: 'joinVersions',
  version: 1,
  async run({ parts }, { outputDir, open }) {
    const folders: string[] = [];
    for (const part of parts) folders.push(await open(part));
    const records = await Promise.all(folders.map(readMarkingRecord));
    const record = { ...(records[0] as MarkingRecord), images: records.flatMap(({ images }) => images) };
    await joinShards(folders, outputDir);
    await writeMarkingRecord(outputDir, record);
    if (record.images.some(({ fileBytes }) => fileBytes !== undefined)) await joinVersionFiles(folders, outputDir);
    return versionsFacts(record);
  },
};
