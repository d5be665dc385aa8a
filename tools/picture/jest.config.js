import { preset } from '../../testing/jest-preset.js';

/** Plot draws half a pixel lower where it finds a global `it`. */
export default { ...preset('picture'), injectGlobals: false };
