#!/usr/bin/env node
// npm links only a command that exists when it installs; dist/ is built later.
try {
  await import('../dist/main.js');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('error: not built yet: npm run build');
  process.exitCode = 6;
}
