/** An object whose fields may still be being made. */
export type Pending<T> = { readonly [K in keyof T]: T[K] | Promise<T[K]> };

/** The object, once all its fields are there; fails as soon as one of them does. */
export async function all<T extends object>(pending: Pending<T>): Promise<T> {
  const entries = Object.entries(pending).map(async ([key, value]) => [key, await value] as const);
  return Object.fromEntries(await Promise.all(entries)) as T;
}
