import { Html, html, type Part } from '../html.ts';
import { page } from '../page.ts';
import { duration, machinesText, readableP } from '../readable.ts';
import { table } from '../table.ts';
import { lineStyle } from '../training-plot.ts';
import type { CellFacts, StudiedExperiment } from '../types.ts';
import { accuracyPlot } from './accuracy-plot.ts';
import { axesOf } from './axes.ts';
import { classPlot } from './class-plot.ts';
import { powerPlot } from './power-plot.ts';
import { qqPlot } from './qq-plot.ts';
import type { StudyData } from './study-data.ts';

const notice =
  'Every experiment of the study is here, whatever came out. study.csv and study.parquet beside this page hold the same, a row for each model.';

/** The whole page: what came out by cell of the grid, the plots, what failed, and on what it ran. */
export function studyPage(data: StudyData, cells: readonly CellFacts[]): Html {
  const { title, experiments } = data.input;
  const failed = experiments.filter(({ failure }) => failure !== undefined);
  const main = html`${cellsSection(cells, data)}${failed.length > 0 ? failuresSection(failed) : undefined}
  ${data.models.length > 0 ? html`${plotSections(data, cells)}${machinesSection(data)}` : undefined}`;
  return page({ title, kind: 'study', notice, main });
}

function cellsSection(cells: readonly CellFacts[], { input: { experiments }, models }: StudyData): Html {
  const tests = [...new Set(models.map(({ model }) => model.decisive.test))];
  return html`<section aria-labelledby="cells">
    <h2 id="cells">What came out</h2>
    <p>
      ${experiments.length} experiments. Suspects were trained on the published corpus, controls on the clean one; p is
      that of the ${tests.join(' or of the ') || 'test that decides'}. Accuracy: suspect less the control of the same
      seed, mean and 95% interval, in percentage points.
    </p>
    ${table(
      'Cells of the study',
      [
        'cell',
        'suspects detected',
        'median p',
        'greatest p',
        'controls detected',
        'least p',
        'accuracy',
        'pairs',
        'failed',
      ],
      cells.map(cellRow),
    )}
  </section> `;
}

function cellRow({ cell, failed, suspects, controls, accuracyDifference }: CellFacts): Part[] {
  const { mean, halfWidth, pairs } = accuracyDifference;
  return [
    cell || 'all',
    `${suspects.detected} of ${suspects.count}`,
    readableP(suspects.medianLog10P),
    readableP(suspects.greatestLog10P),
    `${controls.detected} of ${controls.count}`,
    readableP(controls.leastLog10P),
    `${mean === null ? '–' : points(mean)}${halfWidth === null ? '' : ` ± ${points(halfWidth)}`}`,
    pairs,
    failed,
  ];
}

function points(share: number): string {
  return (100 * share).toFixed(2).replace('-', '−');
}

function failuresSection(failed: readonly StudiedExperiment[]): Html {
  return html`<section aria-labelledby="failures">
    <h2 id="failures">Failed</h2>
    <ul>
      ${failed.map(({ cell, run, failure }) => html`<li>${cell ? `${cell}, ` : ''}run ${run}: ${failure}</li>`)}
    </ul>
  </section> `;
}

function plotSections(data: StudyData, cells: readonly CellFacts[]): Html {
  const axes = axesOf(data);
  const classes = new Set(data.models.flatMap(({ model }) => model.classes.map(({ className }) => className)));
  return html`<section aria-labelledby="power">
      <h2 id="power">Power</h2>
      <figure>
        ${powerPlot(data, axes)}
        <figcaption>
          Filled: suspects, a point for each run, and a line through their medians. Hollow: controls. Dashed: the level
          below which "detected" is said. Values along x are evenly spaced, whatever lies between them.
        </figcaption>
      </figure>
      ${axes.series.length > 1 ? legend(axes.series) : undefined}
    </section>
    <section aria-labelledby="accuracy">
      <h2 id="accuracy">Accuracy cost</h2>
      <figure>
        ${accuracyPlot(data, cells)}
        <figcaption>
          Test accuracy of a suspect less that of the control with the same training seed. Bar: Student's 95% interval
          of the mean, which takes the differences for normal; none where there is one pair.
        </figcaption>
      </figure>
    </section>
    <section aria-labelledby="qq">
      <h2 id="qq">Controls</h2>
      <figure>
        ${qqPlot(data)}
        <figcaption>
          p-values of models that never saw the marks, against those of a uniform distribution. Within a run all cells
          share the key and, where their training is the same, the control, so its points are not independent of each
          other: this shows gross errors, and proves no calibration. Those of the anytime-valid test are bounds: they
          should lie on the line or below.
        </figcaption>
      </figure>
    </section>
    <section aria-labelledby="classes">
      <h2 id="classes">By class</h2>
      <details ${classes.size <= 20 ? html`open` : undefined}>
        <summary>${classes.size} classes with marked images; for the eye, no class decides anything</summary>
        <figure>${classPlot(data, axes)}</figure>
        ${axes.xs.length > 1 ? legend(axes.xs, axes.xLabel) : undefined}
      </details>
    </section>`;
}

function legend(names: readonly string[], what?: string): Html {
  return html`<ul class="legend">
    ${what === undefined ? undefined : html`<li>${what}:</li>`}
    ${names.map((name, i) => {
      const { stroke } = lineStyle(i);
      const dot = `<circle cx="6" cy="5" r="4" fill="${stroke}"/>`;
      return html`<li><svg width="12" height="10" aria-hidden="true">${new Html(dot)}</svg> ${name}</li>`;
    })}
  </ul>`;
}

function machinesSection({ models }: StudyData): Html {
  const stages = models.flatMap(({ summary }) => summary.stages);
  const runs = [...new Map(stages.map(({ stage, key, run }) => [`${stage} ${key}`, run])).values()];
  const total = runs.reduce((sum, { seconds }) => sum + seconds, 0);
  return html`<section aria-labelledby="machines">
    <h2 id="machines">What it took</h2>
    <p>
      ${runs.length} stages, each computed once for all experiments that share it, ${duration(total)} of computing in
      all, on ${machinesText(runs)}.
    </p>
  </section> `;
}
