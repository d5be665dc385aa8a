/** What can be the id of a run: it is part of the names of files. */
export const validId = 'up to 200 letters, digits, ".", "_" and "-", a letter or digit first';

export function isId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(text);
}
