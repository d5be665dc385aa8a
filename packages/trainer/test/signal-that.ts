/** A signal that does this when it is looked at. */
export function signalThat(look: () => void): AbortSignal {
  return Object.assign(new AbortController().signal, { throwIfAborted: look });
}
