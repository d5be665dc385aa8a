import { isArtifact } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';
import { Html, html, type Part } from './html.ts';
import { leaves } from './lineage.ts';
import { duration, machinesText, percent } from './readable.ts';
import type { GalleryImage } from './gallery.ts';
import type { ModelReport, ReportData } from './report-data.ts';
import { table } from './table.ts';
import { lineStyle, trainingPlot } from './training-plot.ts';

/** How it was all made: images, networks, settings, seeds, and the stages with their hashes. */
export function experimentSections(data: ReportData): Html {
  return html`${gallerySection(data)}${trainingSection(data)}${settingsSection(data)}${stagesSection(data)}`;
}

function gallerySection({ gallery, input }: ReportData): Html {
  const { marked, versions, medianPsnrDb, maxLinf } = input.versions.facts;
  return html`<section aria-labelledby="images">
    <h2 id="images">Marked images</h2>
    <p>
      ${marked} of ${input.publication.facts.images} images are marked, with ${versions} versions of each, of which one
      was published. Median PSNR ${medianPsnrDb.toFixed(1)} dB, no pixel moved by more than ${maxLinf} of 255 levels.
      Below: ${gallery.length} of them, evenly spaced, each as it was, as it was published, and the difference ×10
      around grey.
    </p>
    <div class="gallery">${gallery.map(galleryFigure)}</div>
  </section> `;
}

function galleryFigure({ row, className, original, published, difference, psnrDb, linf }: GalleryImage): Html {
  return html`<figure>
    <div class="triple">
      <img src="${original}" alt="${className}, original" /><img
        src="${published}"
        alt="${className}, published version"
      /><img src="${difference}" alt="${className}, difference times ten" />
    </div>
    <figcaption>${className}, row ${row}: ${psnrDb.toFixed(1)} dB, L∞ ${linf}</figcaption>
  </figure> `;
}

function trainingSection({ logs, models, input }: ReportData): Html {
  const legend = logs.map(({ name }, i) => {
    const { stroke, strokeDasharray } = lineStyle(i);
    const line = `<line x1="0" y1="5" x2="36" y2="5" stroke="${stroke}" stroke-dasharray="${strokeDasharray}" stroke-width="2.5"/>`;
    return html`<li><svg width="36" height="10" aria-hidden="true">${new Html(line)}</svg> ${name}</li>`;
  });
  return html`<section aria-labelledby="training">
    <h2 id="training">Training</h2>
    ${table(
      'Networks',
      ['network', 'test accuracy', 'test loss (nats)', 'epochs'],
      [{ name: 'marking network', network: input.markingNetwork.facts }, ...models].flatMap(networkRow),
    )}
    <ul class="legend">
      ${legend}
    </ul>
    <div class="columns">
      <figure>
        ${trainingPlot('test accuracy', 'testAccuracy', logs)}
        <figcaption>Test accuracy by epoch</figcaption>
      </figure>
      <figure>
        ${trainingPlot('training loss', 'trainLoss', logs)}
        <figcaption>Training loss by epoch, in nats</figcaption>
      </figure>
      <figure>
        ${trainingPlot('test loss', 'testLoss', logs)}
        <figcaption>Test loss by epoch, in nats</figcaption>
      </figure>
    </div>
  </section> `;
}

/** None of a suspect that was asked about no test images. */
function networkRow({ name, network, answers }: Pick<ModelReport, 'name' | 'network' | 'answers'>): Part[][] {
  if (network) return [[name, percent(network.testAccuracy), network.testLoss.toFixed(3), trainingText(network)]];
  if (answers && 'testAccuracy' in answers) return [[name, percent(answers.testAccuracy), '–', 'in an ONNX file']];
  return [];
}

function trainingText({ epochs, privacy }: NetworkFacts): string {
  if (!privacy) return epochs === 0 ? 'trained elsewhere' : String(epochs);
  return `${epochs}, DP-SGD with ε = ${privacy.epsilon.toPrecision(3)} at δ = ${privacy.delta.toPrecision(2)}`;
}

function settingsSection({ input, stages }: ReportData): Html {
  return html`<section aria-labelledby="settings">
    <h2 id="settings">Settings</h2>
    ${table(
      'Settings',
      ['setting', 'value'],
      leaves(input.settings).map(({ path, value }) => [
        path,
        isArtifact(value) ? `${value.stage} ${value.key}` : String(value),
      ]),
    )}
    <h3>Seeds</h3>
    ${table(
      'Seeds',
      ['stage', 'setting', 'seed'],
      stages.flatMap(({ artifact, role, seeds }) =>
        seeds.map(({ path, seed }) => [`${artifact.stage} ${role}`, path, String(seed)]),
      ),
    )}
  </section> `;
}

function stagesSection({ stages, input }: ReportData): Html {
  const total = stages.reduce((sum, { run }) => sum + run.seconds, 0);
  const software = new Set(
    stages.flatMap(({ run }) => Object.entries(run.machine.software ?? {}).map((pair) => pair.join(' '))),
  );
  const moved = stages.filter(({ run }) => run.earlierMachines);
  return html`<section aria-labelledby="stages">
    <h2 id="stages">Stages</h2>
    <p>
      ${stages.length} stages, ${duration(total)} of computing in all, on ${machinesText(stages.map(({ run }) => run))}.
      Started: UTC.
    </p>
    ${software.size > 0 ? html`<p>Software: ${[...software].sort().join(', ')}.</p>` : undefined}
    ${moved.map(
      ({ artifact, run }) =>
        html`<p>
          ${artifact.stage} ${artifact.key.slice(0, 8)} was begun on another kind of machine
          (${run.earlierMachines?.map(({ cpu, cores }) => `${cores} cores of ${cpu}`).join('; ')}): computed anew on one
          machine, its last bits may differ.
        </p>`,
    )}
    <p>
      Digest of the published corpus:
      <code>${input.publication.facts.publishedDigest}</code>
    </p>
    ${table(
      'Stages',
      ['stage', 'time', 'started', 'attempt', 'artefact (SHA-256)'],
      stages.map(({ artifact, role, manifest, run }) => [
        `${artifact.stage} v${manifest.version} ${role}`,
        duration(run.seconds),
        run.startedAt.slice(0, 19).replace('T', ' '),
        run.attempt,
        html`<code>${artifact.sha256}</code>`,
      ]),
    )}
  </section> `;
}
