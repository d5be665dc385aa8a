import { Client, Connection } from '@temporalio/client';
import { UnreachableError } from './errors.ts';
import { findLocalServer } from './local-server.ts';

/** Which Temporal server: an address, or else the local server of the store. */
export interface ServerOptions {
  /** Absolute path of the store. */
  readonly store: string;
  readonly address?: string;
  readonly namespace: string;
}

/** An API key from the environment, never from the command line, where other users would see it. */
export function connectionOptions(address: string): { address: string; apiKey?: string; tls?: true } {
  const apiKey = process.env['TEMPORAL_API_KEY'];
  return apiKey ? { address, apiKey, tls: true } : { address };
}

/**
 * A client of a Temporal server. Close its connection when done.
 *
 * @throws UnreachableError when nothing answers at the address
 */
export async function connect(address: string, namespace: string): Promise<Client> {
  try {
    const connection = await Connection.connect({ ...connectionOptions(address), connectTimeout: '10s' });
    return new Client({ connection, namespace });
  } catch (error) {
    throw new UnreachableError(`no Temporal server answers at ${address}`, { cause: error });
  }
}

/** Gives a client of a server that runs already to `use`, and closes it afterwards. */
export async function withClient<T>(options: ServerOptions, use: (client: Client) => Promise<T>): Promise<T> {
  const address = options.address ?? (await findLocalServer(options.store))?.address;
  if (address === undefined) {
    throw new UnreachableError(
      `no Temporal server runs for ${options.store}; start it with "radiotracer server start --store ${options.store}"`,
    );
  }
  const client = await connect(address, options.namespace);
  try {
    return await use(client);
  } finally {
    await client.connection.close();
  }
}
