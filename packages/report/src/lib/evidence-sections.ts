import type { ClassResult, TestResult, Verdict } from '@radiotracer/detector';
import { html, type Html, type Part } from './html.ts';
import { nullDistributionPlot } from './null-distribution-plot.ts';
import { readableP } from './readable.ts';
import type { ModelReport, ReportData } from './report-data.ts';
import { table } from './table.ts';

/** What the verdicts rest on: null distributions, assumptions, the other tests, the classes. */
export function evidenceSections({ models }: ReportData): Html {
  return html`<section aria-labelledby="null">
      <h2 id="null">How far from chance</h2>
      ${nullDistributions(models)}
      ${models.filter(({ verdict }) => !verdict.nullDistribution).map(({ verdict }) => bet(verdict))}
    </section>
    <section aria-labelledby="assumptions">
      <h2 id="assumptions">What the verdict assumes</h2>
      ${list(unique(models.flatMap(({ verdict }) => verdict.decisive.assumptions)))}
      <h3>The verdict is void if</h3>
      ${list(unique(models.flatMap(({ verdict }) => verdict.voidIf)))}
    </section>
    <section aria-labelledby="others">
      <h2 id="others">Other tests</h2>
      <p>None of these moves the verdict.</p>
      ${models.map(otherTests)}
    </section>
    <section aria-labelledby="classes">
      <h2 id="classes">By class</h2>
      <p>For the eye; no class by itself decides anything.</p>
      ${models.map(({ name, classes }) => classTable(name, classes))}
    </section> `;
}

function nullDistributions(models: readonly ModelReport[]): Html | undefined {
  const figures = models.flatMap(({ verdict }) =>
    verdict.nullDistribution
      ? [
          html`<figure>
            ${nullDistributionPlot(verdict, verdict.nullDistribution)}
            <figcaption>${verdict.name}: ${statistic(verdict)}</figcaption>
          </figure>`,
        ]
      : [],
  );
  if (figures.length === 0) return undefined;
  return html`<p>
      Bars: what the decisive statistic would be if the model had never seen the published images, so that every version
      could as well have been the published one. Line: what it is.
    </p>
    <div class="columns">${figures}</div>`;
}

function bet(verdict: Verdict): Html {
  return html`<p>
    ${verdict.name}: ${statistic(verdict)}. Whoever bets, draw by draw, on the published versions of a model that never
    saw them has E times the stake at some time with a probability of 1 / E at most.
  </p>`;
}

function statistic({ decisive: { statistic, log10P } }: Verdict): Html {
  return html`${statistic.name} ${statistic.value.toFixed(2)}, p = ${readableP(log10P)}`;
}

function otherTests({ name, verdict }: ModelReport): Html {
  return html`<h3>${name}</h3>
    ${table(`Other tests of the ${name}`, ['test', 'p', 'statistic', 'sample'], verdict.others.map(testRow))}
    ${verdict.others.map(caveatNote)}`;
}

function testRow({ test, log10P, statistic, sampleSize }: TestResult): Part[] {
  const sample = Object.entries(sampleSize).map(([what, count]) => `${count} ${what}`);
  return [test, readableP(log10P), `${statistic.name}: ${statistic.value.toPrecision(3)}`, sample.join(', ')];
}

function caveatNote({ test, caveat }: TestResult): Html | undefined {
  return caveat === undefined ? undefined : html`<p class="caveat"><strong>${test}</strong>: ${caveat}</p>`;
}

function classTable(name: string, classes: readonly ClassResult[]): Html {
  return html`<details ${classes.length <= 20 ? html`open` : undefined}>
    <summary>${name}: ${classes.length} classes with marked images</summary>
    ${table(
      `Classes of the ${name}`,
      ['class', 'marked images', 'decoy test p', 'cosine with carrier', 'cosine p'],
      classes.map(({ className, marked, decoyLog10P, cosine, cosineLog10P }) => [
        className,
        marked,
        readableP(decoyLog10P),
        cosine === null ? '–' : cosine.toFixed(3),
        readableP(cosineLog10P),
      ]),
    )}
  </details> `;
}

function list(items: readonly string[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
