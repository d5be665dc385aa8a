import { Html, html } from './html.ts';
import { reportStyle } from './report-style.ts';

/** Refuses everything that is not in the page itself. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** A page that needs nothing but itself: a heading, a notice below it, and what is in it. */
export function page({
  title,
  kind,
  notice,
  main,
}: Record<'title' | 'kind' | 'notice', string> & { main: Html }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – Radiotracer ${kind}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="notice">${notice}</p>
        </header>
        <main>${main}</main>
      </body>
    </html> `;
}
