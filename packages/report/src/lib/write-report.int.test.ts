import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '@radiotracer/detector';
import { type Artifact, RunStore, runStage, type Stage } from '@radiotracer/store';
import { parseHTML } from 'linkedom';
import { exampleExperiment, hostileName } from '../../test/example-experiment.ts';
import type { WriteReportInput } from './types.ts';
import type { Summary } from './summary.ts';
import { writeReport } from './write-report.ts';

const key = 'f00d'.repeat(16);
let folder: string;
let store: RunStore;
let input: WriteReportInput;
let page: string;
let document: ReturnType<typeof parseHTML>['document'];
let summary: Summary;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-report-'));
  store = await RunStore.open(join(folder, 'store'));
  input = await exampleExperiment(store);
  await writeFile(join(folder, 'key'), key);
  const artifact = await runStage(writeReport, input, { store, locations: { key: join(folder, 'key') } });
  page = await readFile(join(store.folder(artifact), artifact.facts.report), 'utf8');
  summary = JSON.parse(await readFile(join(store.folder(artifact), artifact.facts.summary), 'utf8'));
  ({ document } = parseHTML(page));
});
afterAll(() => rm(folder, { recursive: true }));

const text = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent?.trim() ?? '');

describe('report.html', () => {
  it('opens with the verdict of every model, as a sentence', () => {
    expect(text('.verdict h3')).toEqual(['suspect: detected', 'control: not detected']);
    expect(text('.verdict .sentence')).toEqual([
      'The suspect was looked at: p = 10^-6.2.',
      'The control was looked at: p = 10^-0.4.',
    ]);
  });

  it('needs nothing but itself: no address, and nothing loaded but inlined images', () => {
    expect(page).not.toMatch(/https?:\/\/|url\(|@import/);
    expect(document.querySelectorAll('script, link, iframe, object').length).toBe(0);
    const sources = [...document.querySelectorAll('[src]')].map((element) => element.getAttribute('src') ?? '');
    expect(sources.every((source) => source.startsWith('data:image/png;base64,'))).toBe(true);
    expect(document.querySelectorAll('[href], [srcset]').length).toBe(0);
  });

  it('escapes names that came with the corpus', () => {
    expect(page).not.toContain('<script');
    expect(document.querySelector('title')?.textContent).toBe('Tiny <experiment> – Radiotracer report');
    expect(document.querySelector('.gallery img')?.getAttribute('alt')).toBe(`${hostileName}, original`);
    expect(text('[aria-labelledby=classes] tbody th')).toEqual([hostileName, hostileName]);
  });

  it('shows twelve marked images before, after and their difference, with distances of the published version', () => {
    const images = [...document.querySelectorAll('.gallery img')];
    expect(images).toHaveLength(36);
    for (const image of images) {
      const png = Buffer.from(image.getAttribute('src')?.split(',')[1] ?? '', 'base64');
      expect(png.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([8, 8]);
    }
    // The second of 12 of 16 is marked image 1, row 3; its published version is 7 mod 4 = 3.
    expect(text('.gallery figcaption')[1]).toBe(`${hostileName}, row 3: 37.0 dB, L∞ 4`);
  });

  it('tells of each test whether its p-values are uniform, and how often they are small', () => {
    expect(text('[aria-labelledby=calibration] > .scroll thead th')).toEqual(
      ['test', 'p-values', 'uniform?', '≤ 0.05 (95 % interval)'], // prettier-ignore
    );
    const rows = text('[aria-labelledby=calibration] > .scroll tbody tr').map((row) => row.replace(/\s+/g, ' '));
    expect(rows[0]).toBe('exact decoy test 2000 yes, p = 0.89 4.90 % (4.00 % – 6.00 %)');
    expect(rows[1]).toContain('no, p = 10−999.0');
    const models = text('[aria-labelledby=calibration] details tbody tr').map((row) => row.replace(/\s+/g, ' '));
    expect(models).toEqual(['suspect 10−6.2; 0.5 –', 'control 0.43; 0.75 0.43; 0.75']);
  });

  it('plots null distributions and training curves with a title and a description each', () => {
    expect(text('figure > svg > title')).toEqual([
      'Null distribution and the suspect',
      'Null distribution and the control',
      'Quantiles of exact decoy test',
      'Quantiles of loss comparison',
      'test accuracy',
      'training loss',
      'test loss',
    ]);
    expect(text('figure > svg > desc')[4]).toContain('marking network 0.710, suspect 0.700, control 0.700');
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });

  it('tells commitment, hashes, seeds and the time of every stage', () => {
    expect(page).toContain('12'.repeat(32));
    const stages = text('[aria-labelledby=stages] tbody th');
    expect(stages[0]).toBe('generate v1'); // not an input of the report, but of its inputs
    expect(stages).toHaveLength(12);
    expect(stages).toContain('trainNetwork v1 marking network');
    for (const { artifact } of [{ artifact: input.versions }, { artifact: input.publication }]) {
      expect(page).toContain(artifact.sha256);
    }
  });

  it('tells the versions of what computed, of those stages that recorded them', () => {
    expect(text('[aria-labelledby=stages] p')).toContain('Software: radiotracer 0.1.0, tensorflow 2.21.0.');
  });

  it('has a heading for each section and one first heading', () => {
    expect(text('h1')).toEqual(['Tiny <experiment>']);
    const labels = [...document.querySelectorAll('section')].map((section) => section.getAttribute('aria-labelledby'));
    expect(labels.every((id) => document.querySelector(`h2#${id}`))).toBe(true);
  });

  it('is the same page when written again from the same store', async () => {
    const outputDir = await mkdtemp(join(folder, 'again-'));
    const context = { outputDir, scratchDir: outputDir, logDir: outputDir, locations: {}, report: () => undefined };
    await writeReport.run(input, {
      ...context,
      open: (artifact) => store.verify(artifact),
      signal: AbortSignal.any([]),
    });
    expect(await readFile(join(outputDir, 'report.html'), 'utf8')).toBe(page);
  });
});

/** An artefact that a stage of this name might have made. */
function make<T>(name: string, facts: T, files: Readonly<Record<string, unknown>> = {}): Promise<Artifact<T>> {
  const stage: Stage<object, T> = {
    name,
    version: 1,
    run: async (_input, { outputDir }) => {
      for (const [file, value] of Object.entries(files)) {
        await writeFile(join(outputDir, file), JSON.stringify(value));
      }
      return facts;
    },
  };
  return runStage(stage, { madeUp: true }, { store });
}

it('report.html of a suspect in an ONNX file tells its accuracy, by which it is seen whether it was shown the images right', async () => {
  const [suspect] = input.models;
  const { network: _, ...rest } = suspect as WriteReportInput['models'][number];
  const facts = { answers: 'logits', queries: 64, modelSha256: 'ab'.repeat(32), testAccuracy: 0.1 } as const;
  const models = [{ ...rest, answers: await make('askOnnx', facts) }];
  const artifact = await runStage(writeReport, { ...input, models }, { store });
  const { document } = parseHTML(await readFile(join(store.folder(artifact), 'report.html'), 'utf8'));
  const rows = [...document.querySelectorAll('[aria-labelledby=training] tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent?.trim()),
  );
  expect(rows.map(([name]) => name)).toEqual(['marking network', 'suspect']);
  expect(rows[1]).toEqual(['suspect', '10.0 %', '–', 'in an ONNX file']);
});

describe('report.html of a suspect that was asked no longer than needed', () => {
  const stopped = async (): Promise<ReturnType<typeof parseHTML>['document']> => {
    const [suspect] = input.models;
    const { nullDistribution: _, decisive, ...rest } = suspect?.verdict.facts as Verdict;
    const sampleSize = { images: 2, draws: 2, 'draws in all': 40, versions: 3 };
    const statistic = { name: 'log10 of the largest e-value', value: 4.25 };
    const verdict = { ...rest, decisive: { ...decisive, test: 'anytime-valid decoy test', statistic, sampleSize } };
    const classes = [{ className: 'cat', marked: 2, decoyLog10P: null, cosine: null, cosineLog10P: null }];
    const model = {
      ...(suspect as WriteReportInput['models'][number]),
      verdict: await make('judge', verdict, { 'verdict.json': verdict, 'classes.json': classes }),
    };
    const facts = { redraws: 1000, tests: [] };
    const calibration = await make('calibrate', facts, { 'calibration.json': facts });
    const artifact = await runStage(writeReport, { ...input, models: [model], calibration }, { store });
    return parseHTML(await readFile(join(store.folder(artifact), 'report.html'), 'utf8')).document;
  };

  it('has no distribution to plot, no p by class and no calibration, and says so', async () => {
    const found = await stopped();
    const section = (name: string) => found.querySelector(`[aria-labelledby=${name}]`);
    expect(section('null')?.querySelector('figure')).toBeNull();
    expect(section('null')?.textContent).toContain('suspect: log10 of the largest e-value 4.25, p = 10−6.2.');
    expect(section('calibration')?.querySelector('figure')).toBeNull();
    expect(section('calibration')?.textContent).toMatch(/Left out: suspect, asked about the first draws only/);
    expect(section('classes')?.querySelector('tbody tr')?.textContent?.replace(/\s+/g, ' ').trim()).toBe('cat 2 – – –');
  });
});

describe('summary.json', () => {
  it('holds every p-value, for every model', () => {
    expect(summary.models.map(({ decisive, others }) => [decisive, ...others].map(({ log10P }) => log10P))).toEqual([
      [-6.2, -3.75, -0.5],
      [Math.log10(0.43), -3.75, -0.5],
    ]);
    expect(summary.models[0]?.classes[0]).toMatchObject({ decoyLog10P: -5.25, cosineLog10P: -2.125 });
  });

  it('holds the calibration of every test, without the points of its plot', () => {
    expect(summary.calibration.redraws).toBe(1000);
    expect(summary.calibration.tests.map(({ test, isUniform }) => [test, isUniform])).toEqual([
      ['exact decoy test', true],
      ['loss comparison', false],
    ]);
    expect(summary.calibration.tests[0]).not.toHaveProperty('quantiles');
  });

  it('holds settings, accuracies, seeds, hashes and times', () => {
    expect(summary).toMatchObject({
      settings: input.settings,
      markingNetwork: { testAccuracy: 0.71 },
      publication: { commitment: '12'.repeat(32) },
    });
    expect(summary.stages.flatMap(({ seeds }) => seeds.map(({ seed }) => seed))).toEqual([5, 11, 13, 17, 19]);
    const versions = summary.stages.find(({ stage }) => stage === 'markImages');
    expect(versions).toMatchObject({
      sha256: input.versions.sha256,
      stageVersion: 1,
      run: { machine: { node: process.version } },
    });
    expect(versions?.files['marking.json']?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

it('shows the key nowhere', () => {
  expect(page).not.toContain(key);
  expect(JSON.stringify(summary)).not.toContain(key);
});
