/** Markup that is safe to put into a page as it is. Made by `html`; by hand only from what a library drew. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What may be put into a template. */
export type Part = string | number | Html | undefined | readonly Part[];

/**
 * Markup from a template: what is put in is escaped, for text and for quoted attributes alike, unless it is `Html`.
 * Arrays are put in one after the other, `undefined` not at all.
 *
 * @example
 * html`<p title="${'a "b"'}">${['<', html`<b>c</b>`]}</p>`.markup;
 * // returns '<p title="a &quot;b&quot;">&lt;<b>c</b></p>'
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, i) => (i === 0 ? text : escaped(parts[i - 1]) + text)).join(''));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(escaped).join('');
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
