/**
 * A text with other lines between the comments `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error if one of them is not there
 */
export function betweenMarkers(text: string, name: string, lines: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`bench: the text needs the lines ${begin} and ${end}, in this order`);
  return `${text.slice(0, from + begin.length)}\n\n${lines.trim()}\n\n${text.slice(to)}`;
}
