/**
 * A message in one line, whatever it quotes: names of files may hold line feeds, and codes that a terminal would follow.
 */
export function oneLine(message: string): string {
  return message
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\x00-\x1f\x7f-\x9f]/g, (code) => `\\x${code.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
