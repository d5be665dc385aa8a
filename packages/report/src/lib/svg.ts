import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html } from './html.ts';

/** Small enough that its text can still be read when a phone shrinks it. */
const frame = { width: 480, height: 240, marginBottom: 44, style: { background: 'transparent', fontSize: '12px' } };

/**
 * A plot as inline SVG that takes its colours from the page, with a title and a description for those who cannot see it.
 */
export function svgPlot(title: string, description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html></html>');
  const svg = Plot.plot({ ...frame, ...options, document });
  svg.setAttribute('role', 'img');
  for (const [name, text] of [
    ['desc', description],
    ['title', title],
  ] as const) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.textContent = text;
    svg.prepend(element);
  }
  return new Html(svg.outerHTML);
}
