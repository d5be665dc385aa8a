import * as Plot from '@observablehq/plot';
import { dotRim, palette, svgPlot } from '@radiotracer/report';
import { decoyTest, formatP } from '@radiotracer/stats';
import { scores, type Boundary, type Point, type Toy } from './toy.ts';

const panel = { width: 300, height: 300 };
const gap = 16;
const titleHeight = 30;
/** Half the side of the square that is shown. */
const reach = 4.4;
const square = {
  ...panel,
  margin: 4,
  marginBottom: 4,
  x: { domain: [-reach, reach], axis: null },
  y: { domain: [-reach, reach], axis: null },
} as const;

/**
 * Three panels: what a clean corpus teaches, what the published one teaches, and how the draws of all toys add up.
 *
 * @param toys - each with a draw of its own
 * @param shown - which of them the first two panels show
 * @returns an SVG file that follows the reader's light or dark colours
 */
export function picture(toys: readonly Toy[], shown: number): string {
  const toy = toys[shown];
  if (!toy) throw new RangeError(`picture: shown is ${shown}, there are ${toys.length} toys`);
  const panels = [
    ['Trained on the clean images', cleanPanel(toy)],
    ['Trained on the published images', publishedPanel(toy)],
    [`${toys.length} secret draws together`, evidencePanel(toys)],
  ] as const;
  const width = panels.length * panel.width + (panels.length - 1) * gap;
  const placed = panels.map(([title, svg], i) => {
    const x = i * (panel.width + gap);
    const heading = `<text x="${x + panel.width / 2}" y="20" text-anchor="middle" font-weight="600">${title}</text>`;
    return `${heading}\n${svg.replace('<svg ', `<svg x="${x}" y="${titleHeight}" `)}`;
  });
  const size = `width="${width}" height="${titleHeight + panel.height}" viewBox="0 0 ${width} ${titleHeight + panel.height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="system-ui, sans-serif" font-size="14" fill="var(--text)" color="var(--text)">
<title>Radioactive data in two dimensions</title>
<style>${palette}
svg { color: var(--text); }
</style>
<rect width="100%" height="100%" fill="var(--page)"/>
${placed.join('\n')}
</svg>
`;
}

function cleanPanel({ untouched: [first, second], marked, clean }: Toy): string {
  return svgPlot(
    'Trained on the clean images',
    'Two clouds of points and the line that a classifier learned between them, nearly upright.',
    {
      ...square,
      marks: [
        ...clouds(first, [...second, ...marked.map(({ original }) => original)]),
        boundaryLine(clean, { stroke: 'currentColor' }),
      ],
    },
  ).markup;
}

function publishedPanel({ untouched: [first, second], marked, published, clean, suspect }: Toy): string {
  const moved = marked.map(({ original, versions }) => ({
    from: rounded(original),
    to: rounded(versions[published]),
    decoy: rounded(versions[1 - published] as Point),
  }));
  return svgPlot(
    'Trained on the published images',
    'Twelve points near the line were moved up before release. The line that is learned from them has turned: of the ' +
      'two versions of each, up and down, it takes the published one for the easier.',
    {
      ...square,
      marks: [
        ...clouds(first, second),
        Plot.dot(moved, {
          x: ({ decoy }) => decoy.x,
          y: ({ decoy }) => decoy.y,
          r: 3.5,
          symbol: 'square',
          stroke: 'var(--muted)',
        }),
        Plot.arrow(moved, {
          x1: ({ from }) => from.x,
          y1: ({ from }) => from.y,
          x2: ({ to }) => to.x,
          y2: ({ to }) => to.y,
          stroke: 'var(--observed)',
          strokeOpacity: 0.6,
          headLength: 0,
        }),
        Plot.dot(moved, {
          x: ({ to }) => to.x,
          y: ({ to }) => to.y,
          r: 4,
          symbol: 'square',
          fill: 'var(--observed)',
          ...dotRim,
        }),
        boundaryLine(clean, { stroke: 'var(--muted)', strokeDasharray: '5,4' }),
        boundaryLine(suspect, { stroke: 'currentColor' }),
        note('published', 2.4, 4, 'var(--observed)'),
        note('decoys, not released', 2.3, -4, 'var(--muted)'),
      ],
    },
  ).markup;
}

function evidencePanel(toys: readonly Toy[]): string {
  const published = toys.map((toy) => toy.published);
  const test = (model: 'suspect' | 'control') =>
    decoyTest({ scores: toys.map((toy) => scores(toy[model], toy)), published });
  const [suspect, control] = [test('suspect'), test('control')];
  // In standard deviations of chance, so that both models have one scale.
  const { from, to, probability } = suspect.nullDistribution;
  const toZ = (sum: number): number => ((sum - (from + to) / 2) / (suspect.observed - (from + to) / 2)) * suspect.z;
  const width = (to - from) / probability.length;
  const bars = probability.map((p, i) => ({ p, x1: toZ(from + i * width), x2: toZ(from + (i + 1) * width) }));
  const line = (z: number, stroke: string): Plot.Markish => Plot.ruleX([z], { stroke, strokeWidth: 2.5 });
  return svgPlot(
    'The draws together',
    `What chance gives, and where the models are: the suspect at ${suspect.z.toFixed(1)} standard deviations, p = ` +
      `${formatP(suspect.log10P)}, a model that never saw the published images at ${control.z.toFixed(1)}, p = ${formatP(control.log10P)}.`,
    {
      ...panel,
      x: { label: 'preference for what was published', domain: [-5, 6] },
      y: { axis: null },
      marks: [
        Plot.rectY(bars, { x1: 'x1', x2: 'x2', y: 'p', fill: 'var(--bars)' }),
        Plot.ruleY([0]),
        line(suspect.z, 'var(--observed)'),
        line(control.z, 'var(--clear)'),
        modelName('suspect', suspect.z, 'var(--observed)'),
        modelName('control', control.z, 'var(--clear)'),
      ],
    },
  ).markup;
}

function clouds(first: readonly Point[], second: readonly Point[]): Plot.Markish[] {
  const cloud = (points: readonly Point[], symbol: string, fill: string): Plot.Markish =>
    Plot.dot(points.map(rounded), { x: 'x', y: 'y', r: 3.2, symbol: symbol as Plot.SymbolType, fill, ...dotRim });
  return [cloud(first, 'circle', 'var(--series-0)'), cloud(second, 'square', 'var(--series-1)')];
}

function boundaryLine({ w, b }: Boundary, style: Plot.LineOptions): Plot.Markish {
  const ends = [-reach, reach].map((y) => rounded({ x: -(b + w.y * y) / w.x, y }));
  return Plot.line(ends, { x: 'x', y: 'y', strokeWidth: 2.5, ...style });
}

function note(text: string, x: number, y: number, fill: string): Plot.Markish {
  return Plot.text([text], { x: [x], y: [y], fill, fontWeight: 600, stroke: 'var(--page)', strokeWidth: 4 });
}

/** Left of its line, at the top. */
function modelName(name: string, z: number, fill: string): Plot.Markish {
  const place = { x: [z], frameAnchor: 'top', textAnchor: 'end', dx: -6 } as const;
  return Plot.text([name], { ...place, fill, fontWeight: 600, stroke: 'var(--page)', strokeWidth: 4 });
}

/** To a thirtieth of a pixel: the file need not hold more. */
function rounded({ x, y }: Point): Point {
  return { x: Number(x.toFixed(3)), y: Number(y.toFixed(3)) };
}
