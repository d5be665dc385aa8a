/** The last step of the build: bundles the workflows for Temporal's sandbox, so that no worker has to when it starts. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('src/all-workflows.ts', import.meta.url)),
  logger: new DefaultLogger('WARN'),
});
await writeFile(new URL('dist/all-workflows.bundle.js', import.meta.url), code);
