import type { CalibratedTest } from '@radiotracer/detector';
import { calibrationPlot } from './calibration-plot.ts';
import { html, type Html, type Part } from './html.ts';
import { readableP } from './readable.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Whether p-values are true: those of publications that never were, on the same models. */
export function calibrationSection({ calibration: { redraws, tests }, models }: ReportData): Html {
  return html`<section aria-labelledby="calibration">
    <h2 id="calibration">Are the p-values true?</h2>
    <p>
      Published versions and carriers drawn anew, ${redraws} times for each of ${models.length} models, and every test
      repeated on the same losses and weights. No model knows these draws, so p-values must be uniform: on the line, and
      5 % of them ≤ 0.05. A test that fails here proves nothing, and no verdict shows it.
    </p>
    ${table(
      'p-values of redraws, by test',
      [
        'test',
        'p-values',
        'uniform?',
        ...(tests[0]?.falsePositives ?? []).map(({ level }) => `≤ ${level} (95 % interval)`),
      ],
      tests.map(testRow),
    )}
    <p>Uniform: Kolmogorov–Smirnov p ≥ 0.001. Intervals: Clopper–Pearson.</p>
    <div class="columns">
      ${tests.map(
        (test) =>
          html`<figure>
            ${calibrationPlot(test)}
            <figcaption>${test.test}</figcaption>
          </figure>`,
      )}
    </div>
    ${modelTable(tests)} ${leftOut(models)}
  </section> `;
}

/** What is said of models with whose losses nothing can be repeated. */
function leftOut(models: ReportData['models']): Html | undefined {
  const stopped = models.filter(({ verdict }) => 'draws in all' in verdict.decisive.sampleSize);
  if (stopped.length === 0) return undefined;
  const names = stopped.map(({ name }) => name).join(', ');
  return html`<p>
    Left out: ${names}, asked about the first draws only. The p-value of the anytime-valid test is a bound and need not
    be uniform; the exact test says nothing where the answers decided how many there are.
  </p>`;
}

function testRow({ test, draws, isUniform, uniformity, falsePositives }: CalibratedTest): Part[] {
  return [
    test,
    draws,
    html`${isUniform ? 'yes' : 'no'}, p = ${readableP(uniformity.log10P)}`,
    ...falsePositives.map(({ count, low, high }) => `${share(count / draws)} (${share(low)} – ${share(high)})`),
  ];
}

/** The publication as it was drawn, for the eye: with one key for all models, a lucky draw is lucky for all of them. */
function modelTable(tests: readonly CalibratedTest[]): Html {
  const names = [...new Set(tests.flatMap(({ models }) => models.map(({ name }) => name)))];
  return html`<details>
    <summary>By model: p of the publication as it was drawn, and p of uniformity over its redraws</summary>
    ${table(
      'p-values by model',
      ['model', ...tests.map(({ test }) => test)],
      names.map((name) => [name, ...tests.map(({ models }) => modelCell(models.find((model) => model.name === name)))]),
    )}
    <p>
      All models share one draw. A draw that clean models happen to like gives all of them a small p, so these p-values
      are not independent of one another; those of redraws are.
    </p>
  </details> `;
}

function modelCell(model: CalibratedTest['models'][number] | undefined): Part {
  return model ? html`${readableP(model.asDrawnLog10P)}; ${readableP(model.uniformityLog10P)}` : '–';
}

function share(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}
