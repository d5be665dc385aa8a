import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { RunStore, runStage } from '@radiotracer/store';
import { startBrowser, type Browser, type BrowserContextOptions, type Page } from '@radiotracer/testing';
import { exampleExperiment } from '../../test/example-experiment.ts';
import { exampleStudy } from '../../test/example-study.ts';
import { plotParts, type PlotPart } from '../../test/in-page.ts';
import { writeStudy } from './study/write-study.ts';
import { writeReport } from './write-report.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 800 } };
/** Paper of A4 between margins of 1 cm, at the 96 pixels an inch that browsers print with. */
const paper = { viewport: { width: 718, height: 1047 } };
const devices = { phone, desktop };
const schemes = ['light', 'dark'] as const;

const readablePx = 10;

let folder: string;
let browser: Browser;
let axe: string;
const addresses: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-browser-'));
  const store = await RunStore.open(join(folder, 'store'));
  const report = await runStage(writeReport, await exampleExperiment(store), { store });
  const study = await runStage(writeStudy, await exampleStudy(store), { store });
  addresses['report'] = pathToFileURL(join(store.folder(report), 'report.html')).href;
  addresses['study'] = pathToFileURL(join(store.folder(study), 'study.html')).href;
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens a page as somebody with this device; it closes with the browser. */
async function open(name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(addresses[name] ?? '');
  return page;
}

/** By how many pixels the page is wider than what it is looked at with. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

function background(page: Page): Promise<string> {
  return page.evaluate('getComputedStyle(document.body).backgroundColor');
}

/** WCAG 2.2 AA: 4.5 for text, 3 for what must be seen to understand a graphic. */
function isFaint({ isText, contrast }: PlotPart): boolean {
  return contrast < (isText ? 4.5 : 3);
}

const views = ['report', 'study'].flatMap((name) =>
  Object.entries(devices).flatMap(([device, options]) =>
    schemes.map((colorScheme) => ({ name, device, colorScheme, options: { ...options, colorScheme } })),
  ),
);

describe.each(views)('the $name on a $device, $colorScheme', ({ name, device, colorScheme, options }) => {
  let page: Page;
  beforeAll(async () => {
    page = await open(name, options);
  });

  it('breaks no rule of axe: contrast, order of headings, landmarks, names, what the keyboard reaches', async () => {
    await page.evaluate(axe);
    const { violations, incomplete, passes } = await page.evaluate<AxeResults>('axe.run()');
    const told = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect(told).toEqual([]);
    expect(passes.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'color-contrast',
        'heading-order',
        'landmark-one-main',
        'page-has-heading-one',
        'region',
        'svg-img-alt',
      ]),
    );
    // It is not sure of texts of plots, which are looked at below, nor of cells that a phone scrolls away.
    const unsure = incomplete.flatMap(({ nodes }) => nodes.map(({ html }) => html));
    const plotOrCell = device === 'phone' ? /^<(text|t[dh]|code)/ : /^<text/;
    expect(unsure.filter((html) => !plotOrCell.test(html))).toEqual([]);
  });

  it('is no wider than the screen', async () => {
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it('has plots whose text can be read, and whose lines can be told from the page', async () => {
    const parts = await page.evaluate(plotParts);
    expect(parts.length).toBeGreaterThan(100);
    expect(parts.filter(isFaint)).toEqual([]);
    expect(parts.filter(({ isText, fontPx }) => isText && fontPx < readablePx)).toEqual([]);
    expect(parts.filter(({ isInside }) => !isInside)).toEqual([]);
  });

  it(`is ${colorScheme}`, async () => {
    const [red = NaN] = (await background(page)).match(/\d+/g)?.map(Number) ?? [];
    expect(red > 128).toBe(colorScheme === 'light');
  });
});

describe.each(['report', 'study'])('the %s', (name) => {
  it('fits into 320 pixels, as on a screen of 1280 that is enlarged four times', async () => {
    expect(await overflow(await open(name, { viewport: { width: 320, height: 256 } }))).toBeLessThanOrEqual(0);
  });

  it('asks for nothing, and its own policy refuses nothing of it', async () => {
    const page = await browser.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(addresses[name] ?? '');
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([addresses[name]]);
    expect(complaints).toEqual([]);
  });

  it('tells its plots to those who cannot see them', async () => {
    const page = await open(name, desktop);
    const plots = await page.locator('figure > svg').all();
    expect(plots.length).toBeGreaterThan(3);
    for (const plot of plots) {
      const title = (await plot.locator('title').textContent()) ?? '';
      expect(await page.getByRole('img', { name: title, exact: true }).count()).toBe(1);
      expect((await plot.locator('desc').textContent())?.length).toBeGreaterThan(40);
    }
  });

  it('has tables that scroll by themselves where they are too wide, by the keyboard, too', async () => {
    const page = await open(name, phone);
    const boxes = await page.locator('.scroll').all();
    let wide = 0;
    for (const box of boxes) {
      if (!(await box.evaluate((element) => element.scrollWidth > element.clientWidth && element.clientWidth > 0)))
        continue;
      wide++;
      await box.focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction((element) => (element?.scrollLeft ?? 0) > 0, await box.elementHandle(), {
        timeout: 5000,
      });
    }
    expect(wide).toBeGreaterThan(0);
  });

  it.each(schemes)('prints all that it holds, dark on white, from a %s screen', async (colorScheme) => {
    const page = await open(name, paper);
    await page.emulateMedia({ media: 'print', colorScheme });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await page.locator('td, th, figcaption, details p, svg').filter({ visible: false }).count()).toBe(0);
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    expect((await page.evaluate(plotParts)).filter(isFaint)).toEqual([]);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
