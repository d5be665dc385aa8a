import { classShares } from './class-shares.ts';
import type { ChoiceOptions } from './class-shares.ts';
import type { MarkingKey } from './marking-key.ts';
import { SecretStream } from './secret-stream.ts';

/**
 * Rows to mark, stratified: of each class as many as `classShares` says, drawn with the key.
 *
 * Those of class c are the first ones of a Fisher–Yates shuffle of its rows, ascending, by the stream
 * `choose/class/<c>`: step i swaps entry i with entry i + uniformInt(n_c − i). So more rows of a class are chosen by a
 * larger fraction than by a smaller one, and the same ones among them.
 *
 * @returns row numbers, ascending
 * @throws InvalidArgumentError as `classShares` does
 */
export function chooseImages(key: MarkingKey, { labels, fraction }: ChoiceOptions): number[] {
  const shares = classShares({ labels, fraction });
  const rows = new Map([...shares.keys()].map((label): [number, number[]] => [label, []]));
  for (let row = 0; row < labels.length; row++) rows.get(labels[row] as number)?.push(row);

  return [...shares]
    .flatMap(([label, share]) => draw(new SecretStream(key, `choose/class/${label}`), rows.get(label) ?? [], share))
    .sort((a, b) => a - b);
}

/** The first `count` of a shuffle of `rows`, in place. */
function draw(stream: SecretStream, rows: number[], count: number): number[] {
  for (let i = 0; i < count; i++) {
    const j = i + stream.uniformInt(rows.length - i);
    [rows[i], rows[j]] = [rows[j] as number, rows[i] as number];
  }
  return rows.slice(0, count);
}
