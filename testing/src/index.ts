/** What tests of several packages share. */
export { startBrowser, type Browser, type BrowserContextOptions, type Page } from './browser.ts';
export { pythonVenv } from './python-venv.ts';
export { startS3Server, type TestS3Server } from './s3-server.ts';
