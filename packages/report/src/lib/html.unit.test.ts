import { describe, expect, it } from '@jest/globals';
import { html } from './html.ts';

describe('html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const name = `<b onload='x'>"&`;
    const escaped = '&lt;b onload=&#39;x&#39;&gt;&quot;&amp;';
    expect(html`<p title="${name}">${name}</p>`.markup).toBe(`<p title="${escaped}">${escaped}</p>`);
  });

  it('keeps markup that it made, joins arrays and leaves out undefined', () => {
    const items = ['a<', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<p>${items}${undefined}${0}</p>`.markup).toBe('<p><li>a&lt;</li><li>b</li>0</p>');
  });
});
