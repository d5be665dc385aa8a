import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { settingsSchema } from '../src/lib/settings.ts';
import { studySchema } from '../src/lib/study.ts';

const folder = new URL('../schemas/', import.meta.url);

/** What each JSON Schema has to be, with the settings as they are in the code, and where it lies. */
export async function schemaFiles(): Promise<{ name: string; url: URL; text: string }[]> {
  const settings = z.toJSONSchema(settingsSchema, { io: 'input' });
  const study = z.toJSONSchema(studySchema, { io: 'input' });
  const { $schema: _, ...nested } = settings;
  const schemas = {
    'settings.schema.json': { title: 'Settings of a Radiotracer experiment', ...settings },
    'study.schema.json': {
      title: 'A Radiotracer study',
      ...study,
      properties: { ...study.properties, settings: nested },
    },
  };
  return Promise.all(
    Object.entries(schemas).map(async ([name, schema]) => {
      const url = new URL(name, folder);
      const options = await resolveConfig(url);
      return { name, url, text: await format(JSON.stringify(schema), { ...options, parser: 'json' }) };
    }),
  );
}
