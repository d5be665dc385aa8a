import { stages } from './stages.ts';

test('every stage is found under its name', async () => {
  for (const [name, load] of Object.entries(stages)) expect((await load()).name).toBe(name);
});
