import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html } from './html.ts';

/** As narrow as a phone's page, nearly, so that text keeps its size there. */
const frame = { width: 400, height: 240, marginBottom: 44, style: { background: 'transparent', fontSize: '12px' } };

/** Around dots that may lie on each other: they keep their full colour, which a dot one can see through does not. */
export const dotRim = { stroke: 'var(--page)', strokeWidth: 1 };

/**
 * A plot as inline SVG that takes its colours from the page, with a title and a description for those who cannot see it.
 */
export function svgPlot(title: string, description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html></html>');
  const svg = Plot.plot({ ...frame, ...options, x: { labelOffset: 38, ...options.x }, document });
  svg.setAttribute('role', 'img');
  // Plot names its groups after what they are made of, which tells nobody anything, and a group may have no name.
  for (const group of svg.querySelectorAll('[aria-label]')) group.removeAttribute('aria-label');
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
