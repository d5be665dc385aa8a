import { buildId } from './build-id.ts';
import { commandLine } from './command-line.ts';
import { connect, localEndpoint } from './connect.ts';
import { ensureLocalServer, findLocalServer, stopLocalServer, type LocalServer } from './local-server.ts';
import type { ProgressView } from './progress-view.ts';
import { othersGoOn } from './running-runs.ts';

/**
 * The local server of a store as `ensureLocalServer` gives it; but one of another build than this command, whose
 * stages might compute something else, is started anew first. One that has work to do is left alone, which is said.
 *
 * @returns `isNew`: none ran before
 */
export async function currentServer(
  store: string,
  view: Pick<ProgressView, 'note'>,
): Promise<{ server: LocalServer; isNew: boolean }> {
  const running = await findLocalServer(store);
  if (running && running.build !== (await buildId())) {
    if (await isBusy(running)) {
      const stop = commandLine(['server', 'stop'], { store });
      view.note(`the local server is of an older build and busy; for the new one first run "${stop}"`);
    } else {
      await stopLocalServer(running);
    }
  }
  const { server, isNew } = await ensureLocalServer(store);
  return { server, isNew: isNew && !running };
}

async function isBusy(server: LocalServer): Promise<boolean> {
  const client = await connect(localEndpoint(server));
  try {
    return await othersGoOn(client);
  } finally {
    await client.connection.close();
  }
}
