/** The colours of pages and plots, light and dark. */
export const palette = `
:root {
  --text: #1c1e21; --muted: #5c6370; --page: #ffffff; --card: #f5f6f8; --line: #d9dce1;
  --detected: #b3261e; --clear: #1b6e3c; --bars: #7890b8; --observed: #b3261e;
  --series-0: #4269d0; --series-1: #c4501b; --series-2: #2f8f63; --series-3: #8a55c4; --series-4: #7a5230; --series-5: #b5367f;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --text: #e6e7ea; --muted: #a2a9b5; --page: #15171b; --card: #1f2228; --line: #3a3f48;
    --detected: #ff8a80; --clear: #7bd99d; --bars: #5878ab; --observed: #ff8a80;
    --series-0: #8aa7ff; --series-1: #ff9b6b; --series-2: #6fd3a4; --series-3: #c39bf2; --series-4: #d0a582; --series-5: #f28cc0;
  }
}
`;

/** Style of the page: system fonts, one column on a phone, light and dark, and ink-saving in print. */
export const reportStyle = `${palette}* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.2; margin: 1.5em 0 .5em; }
h1 { margin-top: .5em; }
h2 { border-top: 1px solid var(--line); padding-top: 1em; }
p, ul { max-width: 46rem; }
.notice, .caveat, figcaption { color: var(--muted); font-size: .9rem; }
.verdict { background: var(--card); border-left: .4rem solid var(--clear); border-radius: .4rem; padding: .1rem 1rem; margin: 1rem 0; }
.verdict h3 { color: var(--clear); margin-top: 1rem; }
.verdict.detected { border-color: var(--detected); }
.verdict.detected h3 { color: var(--detected); }
.sentence { font-size: 1.4rem; line-height: 1.35; font-weight: 600; margin: .5rem 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem; }
.triple { display: grid; grid-template-columns: repeat(3, 1fr); gap: .25rem; }
.triple img { width: 100%; image-rendering: pixelated; border-radius: .2rem; }
figure { margin: 0; break-inside: avoid; }
svg[role="img"] { display: block; width: 100%; max-width: 36rem; height: auto; }
sup { line-height: 0; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
thead th { color: var(--muted); font-weight: 400; }
code { font-size: .8em; overflow-wrap: anywhere; }
td code { display: block; min-width: 17rem; }
summary { cursor: pointer; }
@media print {
  :root { --text: #000; --muted: #444; --page: #fff; --card: #fff; --line: #bbb; --detected: #a00; --clear: #063; --bars: #888; --observed: #a00; }
  body { max-width: none; font-size: 10pt; }
  h2, h3, summary { break-after: avoid; }
  tr, .verdict { break-inside: avoid; }
  .columns { grid-template-columns: 1fr 1fr; }
  svg[role="img"] { max-width: 11cm; }
  .scroll { overflow: visible; }
  td { overflow-wrap: anywhere; }
  td code { min-width: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
