import { currentServer } from '../current-server.ts';
import { findLocalServer, stopLocalServer, type LocalServer } from '../local-server.ts';
import { checkPlaces } from '../places.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { progressView } from '../progress-view.ts';
import { runLocalServer } from '../run-local-server.ts';
import { tableText } from '../summary.ts';
import { storeOf } from '../store-place.ts';

export interface ServerCommandOptions extends GlobalOptions {
  readonly store: string;
}

/** Starts the local server of a store in the background, if it does not run. */
async function startServer(options: ServerCommandOptions): Promise<void> {
  await checkPlaces(options);
  const { server } = await currentServer(storeOf(options), progressView(options));
  printResult(options, server, serverText(server));
}

/** Runs the local server of a store until Ctrl-C. */
async function runServer(options: ServerCommandOptions): Promise<void> {
  await checkPlaces(options);
  await runLocalServer(storeOf(options), (server) => printResult(options, server, serverText(server)));
}

/** Stops the local server of a store. */
async function stopServer(options: ServerCommandOptions): Promise<void> {
  const store = storeOf(options);
  const server = await findLocalServer(store);
  if (server) await stopLocalServer(server);
  printResult(
    options,
    { stopped: server !== undefined },
    server ? `stopped ${server.address}` : `none runs for ${store}`,
  );
}

export const serverCommands = { start: startServer, run: runServer, stop: stopServer };
export type ServerCommand = keyof typeof serverCommands;

function serverText({ address, uiAddress, pid }: LocalServer): string {
  return tableText([
    ['address', address],
    ['Temporal UI', uiAddress],
    ['process', String(pid)],
  ]);
}
