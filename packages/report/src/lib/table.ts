import { html, type Html, type Part } from './html.ts';

/**
 * A table that scrolls by itself where the screen is too narrow for it, by the keyboard, too.
 *
 * @param name - told to those who come to it by the keyboard
 * @param rows - their cells; the first names the row
 */
export function table(name: string, columns: readonly string[], rows: readonly (readonly Part[])[]): Html {
  return html`<div class="scroll" role="group" aria-label="${name}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([head, ...cells]) =>
            html`<tr>
              <th scope="row">${head}</th>
              ${cells.map((cell) => html`<td>${cell}</td> `)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
