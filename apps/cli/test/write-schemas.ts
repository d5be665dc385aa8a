/**
 * Writes the JSON Schemas of the files that people write, `apps/cli/schemas/`, for editors. Run it when a setting is
 * changed; a test tells when that was forgotten:
 *
 *     node --conditions=@radiotracer/source --import tsx apps/cli/test/write-schemas.ts
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { schemaFiles } from './schema-files.ts';

for (const { url, text } of await schemaFiles()) {
  await mkdir(new URL('.', url), { recursive: true });
  await writeFile(url, text);
}
