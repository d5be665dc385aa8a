import type { Browser } from 'playwright-core';
import { testChromium } from '@radiotracer/setup/locations';

export type { BrowserContextOptions, Page } from 'playwright-core';
export type { Browser };

/**
 * Starts a headless Chromium, to see our pages as people do. The caller closes it.
 *
 * @throws Error if the set-up for tests did not run
 */
export async function startBrowser(): Promise<Browser> {
  const executablePath = testChromium();
  if (executablePath === undefined) throw new Error('testing: no Chromium found; run `npm run setup -- --tests`');
  const { chromium } = await import('playwright-core'); // loaded by those alone who need it: half a second
  return chromium.launch({ executablePath });
}
