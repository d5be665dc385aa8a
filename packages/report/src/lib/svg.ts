import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html } from './html.ts';

/**
 * A plot as inline SVG that takes its colours from the page, with a title and a description for those who cannot see it.
 */
export function svgPlot(title: string, description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html></html>');
  const svg = Plot.plot({ width: 640, height: 260, ...options, document, style: { background: 'transparent' } });
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
