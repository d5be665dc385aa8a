import { describe, expect, it } from '@jest/globals';
import { html } from './html.ts';

describe('html', () => {
  it('escapes what is put in, in text and in quoted attributes', () => {
    const name = `<b onload='x'>"&`;
    expect(html`<p title="${name}" lang="${name}">${name}</p>`.markup).toBe(
      '<p title="&lt;b onload=&#39;x&#39;&gt;&quot;&amp;" lang=\'&lt;b onload=&#39;x&#39;&gt;&quot;&amp;\'>' +
        '&lt;b onload=&#39;x&#39;&gt;&quot;&amp;</p>',
    );
  });

  it('keeps markup that it made, joins arrays and leaves out undefined', () => {
    expect(
      html`<ul>
          ${['a<', 'b'].map((item) => html`<li>${item}</li>`)}${undefined}
        </ul>
        ${0}`.markup,
    ).toBe('<ul><li>a&lt;</li><li>b</li></ul>0');
  });
});
