/** Whether it was the system that did not read, and not the bytes that are wrong: it may read them when asked again. */
export function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;
}
