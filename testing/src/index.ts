/** What tests of several packages share. */
export { pythonVenv } from './python-venv.ts';
