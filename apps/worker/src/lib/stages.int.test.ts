import { stageVersions, type StageName } from '@radiotracer/workflows';
import { stages } from './stages.ts';

test('every stage is found under its name, in the version that the workflows order', async () => {
  for (const [name, load] of Object.entries(stages)) {
    const stage = await load();
    expect(stage.name).toBe(name);
    expect([name, stage.version]).toEqual([name, stageVersions[name as StageName]]);
  }
});
