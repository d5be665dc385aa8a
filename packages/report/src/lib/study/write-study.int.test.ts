import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { csvParse } from 'd3-dsv';
import { parseHTML } from 'linkedom';
import { RunStore, runStage, type Artifact } from '@radiotracer/store';
import { pythonVenv } from '@radiotracer/testing';
import { exampleExperiment, hostileName } from '../../../test/example-experiment.ts';
import { exampleStudy } from '../../../test/example-study.ts';
import type { StudyFacts } from '../types.ts';
import { writeReport } from '../write-report.ts';
import { writeStudy } from './write-study.ts';

const controlLog10P = String(Math.log10(0.43));
let folder: string;
let study: Artifact<StudyFacts>;
let dir: string;
let page: string;
let document: ReturnType<typeof parseHTML>['document'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-study-'));
  const store = await RunStore.open(join(folder, 'store'));
  study = await runStage(writeStudy, await exampleStudy(store), { store });
  dir = store.folder(study);
  page = await readFile(join(dir, 'study.html'), 'utf8');
  ({ document } = parseHTML(page));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent?.trim() ?? '');

it('says what came out in each cell', () => {
  expect(study.facts.cells).toEqual([
    {
      cell: 'markedFraction 0.01',
      failed: 0,
      suspects: { count: 2, detected: 2, medianLog10P: -7.5, leastLog10P: -8, greatestLog10P: -7 },
      controls: expect.objectContaining({ count: 2, detected: 0 }),
      accuracyDifference: { pairs: 2, mean: expect.closeTo(-0.02, 10), halfWidth: expect.closeTo(0, 10) },
    },
    {
      cell: 'markedFraction 0.002',
      failed: 1,
      suspects: { count: 1, detected: 0, medianLog10P: -2.2, leastLog10P: -2.2, greatestLog10P: -2.2 },
      controls: expect.objectContaining({ count: 1, detected: 0 }),
      accuracyDifference: { pairs: 1, mean: expect.closeTo(-0.02, 10), halfWidth: null },
    },
  ]);
});

describe('the table', () => {
  it('has a row for each model and for each failure', async () => {
    const rows = csvParse(await readFile(join(dir, 'study.csv'), 'utf8'));
    expect(rows.map((row) => [row['marking.markedFraction'], row['run'], row['model'], row['log10P']])).toEqual([
      ['0.01', '1', 'suspect', '-7'],
      ['0.01', '1', 'control', controlLog10P],
      ['0.01', '2', 'suspect', '-8'],
      ['0.01', '2', 'control', controlLog10P],
      ['0.002', '1', 'suspect', '-2.2'],
      ['0.002', '1', 'control', controlLog10P],
      ['0.002', '2', '', ''],
    ]);
    expect(rows[6]?.['failure']).toBe('marker: 7, "seven", <b>');
    expect(rows[0]).toMatchObject({
      role: 'suspect',
      failure: '',
      detected: 'true',
      'log10P white-box cosine test': '-3.75',
      testAccuracy: '0.7',
      markingNetworkAccuracy: '0.71',
      medianPsnrDb: '38.5',
      imagesMarked: '16',
      versions: '4',
      draws: '16',
      markingNetworkSeed: '11',
      markingSeed: '13',
      trainingSeed: '100',
      commitment: '12'.repeat(32),
    });
    expect(rows[1]).toMatchObject({ role: 'control', detected: 'false', testAccuracy: '0.72', trainingSeed: '100' });
    expect(Number(rows[0]?.['trainingSeconds'])).toBeGreaterThan(0);
  });

  it('is the same as Parquet, which pyarrow and DuckDB read with its types', async () => {
    const python = await pythonVenv(['duckdb==1.4.2', 'pyarrow==22.0.0']);
    const script = fileURLToPath(new URL('../../../test/read-study.py', import.meta.url));
    const read = JSON.parse(execFileSync(python, [script, dir], { encoding: 'utf8' })) as Record<string, unknown>;
    expect(read).toEqual({
      rows: 7,
      types: expect.objectContaining({
        'marking.markedFraction': 'double',
        run: 'int32',
        model: 'string',
        detected: 'bool',
        log10P: 'double',
        trainingSeed: 'double',
      }),
      differsFromCsv: [],
      detectedInDuckdb: 2,
    });
  });
});

it('tells the privacy of last layers that have it, in the table and in the report of the experiment', async () => {
  const store = await RunStore.open(join(folder, 'private'));
  const input = await exampleExperiment(store);
  const privacy = { epsilon: 2.795, delta: 0.00002 };
  const models = input.models.map((model) =>
    model.name === 'suspect' && model.network
      ? { ...model, network: { ...model.network, facts: { ...model.network.facts, privacy } } }
      : model,
  );
  const report = await runStage(writeReport, { ...input, models }, { store });
  const shown = parseHTML(await readFile(join(store.folder(report), 'report.html'), 'utf8')).document;
  const networks = [...shown.querySelectorAll('section[aria-labelledby="training"] tr')];
  expect(networks.map(({ lastElementChild }) => lastElementChild?.textContent?.trim())).toEqual([
    'epochs',
    '3',
    '3, DP-SGD with ε = 2.79 at δ = 0.000020',
    '3',
  ]);
  const experiments = [{ varied: {}, cell: '', run: 1, report }];
  const table = await runStage(writeStudy, { title: 'one', experiments }, { store });
  const rows = csvParse(await readFile(join(store.folder(table), 'study.csv'), 'utf8'));
  expect(rows.map(({ model, epsilon }) => [model, epsilon])).toEqual([
    ['suspect', '2.795'],
    ['control', ''],
  ]);
  expect((await readFile(join(dir, 'study.csv'), 'utf8')).split('\n')[0]).not.toContain('epsilon');
});

describe('study.html', () => {
  it('needs nothing but itself, and escapes what it quotes', () => {
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)|url\(|@import/);
    expect(document.querySelectorAll('script, link, iframe, object, [href], [src]').length).toBe(0);
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/NaN|undefined|\[object/);
    expect(text('[aria-labelledby=failures] li')).toEqual(['markedFraction 0.002, run 2: marker: 7, "seven", <b>']);
    expect(document.querySelector('title')?.textContent).toBe('Study <of> two – Radiotracer study');
  });

  it('tells each cell in a row, and by which test', () => {
    expect(text('[aria-labelledby=cells] > p')[0]?.replace(/\s+/g, ' ')).toContain(
      '; p is that of the exact decoy test.',
    );
    const cells = [...document.querySelectorAll('#cells ~ .scroll tbody tr')].map((row) =>
      [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.trim()),
    );
    expect(cells).toEqual([
      ['markedFraction 0.01', '2 of 2', '10−7.5', '10−7.0', '0 of 2', '0.43', '−2.00 ± 0.00', '2', '0'],
      ['markedFraction 0.002', '0 of 1', '0.0063', '0.0063', '0 of 1', '0.43', '−2.00', '1', '1'],
    ]);
  });

  it('plots power, accuracy, controls and classes, with a title and a description each', () => {
    expect(text('figure > svg > title')).toEqual([
      'Evidence of every model',
      'Accuracy of suspects less controls',
      'QQ plot of the controls',
      'Evidence by class',
    ]);
    const [power, accuracy, qq, classes] = text('figure > svg > desc');
    expect(power).toContain('0.2%: -2.2; 1%: -7.5');
    expect(accuracy).toContain('markedFraction 0.01: -2.00');
    expect(qq).toContain('3 p-values');
    expect(classes).toContain(hostileName);
  });
});

it('a study of which every experiment failed says so, in page and table', async () => {
  const store = await RunStore.open(join(folder, 'failed'));
  const experiments = [1, 2].map((run) => ({ varied: {}, cell: '', run, failure: `no luck ${run}` }));
  const artifact = await runStage(writeStudy, { title: 'Failed', experiments }, { store });
  expect(artifact.facts.cells).toMatchObject([{ failed: 2, suspects: { count: 0, medianLog10P: null } }]);
  const { document } = parseHTML(await readFile(join(store.folder(artifact), 'study.html'), 'utf8'));
  const failures = [...document.querySelectorAll('[aria-labelledby=failures] li')];
  expect(failures.map(({ textContent }) => textContent)).toEqual(['run 1: no luck 1', 'run 2: no luck 2']);
  expect(document.querySelector('figure, [aria-labelledby=machines]')).toBeNull();
  const rows = csvParse(await readFile(join(store.folder(artifact), 'study.csv'), 'utf8'));
  expect(rows.map(({ run, model, failure }) => [run, model, failure])).toEqual([
    ['1', '', 'no luck 1'],
    ['2', '', 'no luck 2'],
  ]);
});

it('a study that varies nothing, and one of several settings, have their page, too', async () => {
  const store = await RunStore.open(join(folder, 'others'));
  const report = await runStage(writeReport, await exampleExperiment(store), { store });
  const single = { varied: {}, cell: '', run: 1, report };
  const several = [4, 8].flatMap((radius) =>
    ['random', 'hardest'].map((selection) => ({
      varied: { 'marking.radius': radius, 'marking.selection': selection },
      cell: `radius ${radius}, selection ${selection}`,
      run: 1,
      report,
    })),
  );
  for (const [experiments, legend] of [
    [[single], []],
    [several, ['marking.selection random', 'marking.selection hardest']],
  ] as const) {
    const artifact = await runStage(writeStudy, { title: 'Study', experiments }, { store });
    const { document } = parseHTML(await readFile(join(store.folder(artifact), 'study.html'), 'utf8'));
    expect(document.querySelectorAll('figure > svg')).toHaveLength(4);
    const names = [...document.querySelectorAll('[aria-labelledby=power] .legend li')];
    expect(names.map(({ textContent }) => textContent?.trim())).toEqual(legend);
  }
});
