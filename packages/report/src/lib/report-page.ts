import { html, type Html } from './html.ts';
import { calibrationSection } from './calibration-section.ts';
import { evidenceSections } from './evidence-sections.ts';
import { experimentSections } from './experiment-sections.ts';
import { page } from './page.ts';
import { readableP } from './readable.ts';
import type { ModelReport, ReportData } from './report-data.ts';

const notice =
  'For the publisher: this page shows which images are marked. Keep it as private as the key until the verdict is made public.';

/** The whole page: the verdicts first, then what they rest on, then how it was all made. */
export function reportPage(data: ReportData): Html {
  const { title, publication } = data.input;
  const main = html`<section aria-labelledby="verdicts">
      <h2 id="verdicts">Verdict</h2>
      ${data.models.map(verdictCard)}
      <p>
        Commitment to key and draw, to be public before the images are:
        <code>${publication.facts.commitment}</code>
      </p>
    </section>
    ${evidenceSections(data)} ${calibrationSection(data)} ${experimentSections(data)}`;
  return page({ title, kind: 'report', notice, main });
}

function verdictCard({ name, verdict }: ModelReport): Html {
  const { detected, sentence, decisive, log10Level } = verdict;
  return html`<article class="verdict ${detected ? 'detected' : 'clear'}">
    <h3>${name}: ${detected ? 'detected' : 'not detected'}</h3>
    <p class="sentence">${sentence}</p>
    <p>p = ${readableP(decisive.log10P)}, level fixed beforehand ${readableP(log10Level)}; ${decisive.test}.</p>
  </article> `;
}
