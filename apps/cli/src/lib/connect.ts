import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';
import { commandLine, defaults } from './command-line.ts';
import { ComputationError, UnreachableError, UsageError } from './errors.ts';
import { findLocalServer } from './local-server.ts';

/** Which Temporal server: an address, or else the local server of the store. */
export interface ServerOptions {
  /** Absolute path of the store. */
  readonly store: string;
  readonly address?: string;
  /** At the address; the local server has one namespace. */
  readonly namespace: string;
}

/** How to reach a Temporal server. */
export interface Endpoint {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: true;
}

/** The local server; what the environment says of another one, such as its API key, is not for it. */
export function localEndpoint({ address }: { readonly address: string }): Endpoint {
  return { address, namespace: defaults.namespace };
}

/** A server elsewhere. Its API key is from the environment, never from the command line, where other users would see it. */
export function remoteEndpoint(address: string, namespace: string): Endpoint {
  const apiKey = process.env['TEMPORAL_API_KEY'];
  return { address, namespace, ...(apiKey && { apiKey, tls: true }) };
}

/**
 * A client of a Temporal server. Close its connection when done.
 *
 * @throws UnreachableError when nothing answers at the address
 */
export async function connect({ namespace, ...server }: Endpoint): Promise<Client> {
  await requireAnswer(server);
  try {
    const connection = await Connection.connect({ ...server, connectTimeout: answerMs });
    return new Client({ connection, namespace });
  } catch (error) {
    throw new UnreachableError(`no Temporal server answers at ${server.address}`, { cause: error });
  }
}

/** Checks, before any work, that a server that was named is there. @throws UnreachableError */
export async function requireServer({ address, namespace }: Omit<ServerOptions, 'store'>): Promise<void> {
  if (address !== undefined) await requireAnswer(remoteEndpoint(address, namespace));
}

/**
 * Checks that something at an address speaks HTTP/2, as a Temporal server does. gRPC would try again and again for 10 s
 * where a connection is refused, a name is unknown, or something else answers. Of a server behind TLS nothing is checked:
 * it may be reached through a proxy that only gRPC knows of.
 */
async function requireAnswer({ address, tls }: Omit<Endpoint, 'namespace'>): Promise<void> {
  if (tls) return;
  const session = connectHttp2(`http://${address}`);
  try {
    await once(session, 'remoteSettings', { signal: AbortSignal.timeout(answerMs) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code?.startsWith('ERR_HTTP2') ? 'something else does' : (code ?? message);
    throw new UnreachableError(`no Temporal server answers at ${address} (${reason}); give <host>:<port> of one`, {
      cause: error,
    });
  } finally {
    session.on('error', () => undefined); // what comes when it is over
    session.destroy();
  }
}

/** So long may a server take to answer. */
const answerMs = 10_000;

/** Gives a client of a server that runs already to `use`, and closes it afterwards. */
export async function withClient<T>(options: ServerOptions, use: (client: Client) => Promise<T>): Promise<T> {
  const { store, address, namespace } = options;
  const local = address === undefined ? await findLocalServer(store) : undefined;
  if (address === undefined && !local) {
    const start = commandLine(['server', 'start'], { store });
    throw new UnreachableError(`no Temporal server runs for ${store}; start it with "${start}"`);
  }
  const client = await connect(local ? localEndpoint(local) : remoteEndpoint(address as string, namespace));
  try {
    return await use(client);
  } catch (error) {
    throw explained(error, options);
  } finally {
    await client.connection.close();
  }
}

/** What a server does not know, in words that say what to do. */
export function explained(error: unknown, { address, namespace }: ServerOptions): unknown {
  if (error instanceof WorkflowNotFoundError) {
    const again = 'run the same command again: what was finished is taken from the store';
    return new ComputationError(`the server knows no run ${error.workflowId} any more; ${again}`, { cause: error });
  }
  const isNamespaceUnknown =
    error instanceof NamespaceNotFoundError ||
    (isGrpcServiceError(error) && /^Namespace .* not found/.test(error.details));
  return isNamespaceUnknown
    ? new UsageError(`--namespace: the server at ${address} has no namespace "${namespace}"`, { cause: error })
    : error;
}
