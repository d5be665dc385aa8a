import { markdownTable } from 'markdown-table';
import type { Row } from './row.ts';
import type { RowStatistics, Spread } from './statistics.ts';

const header = ['work', 'unit', 'here', 'compared with', 'figure', 'at least', 'aim', 'met', 'MB here', 'MB there'];

/** The table of `docs/performance.md`: medians, least to greatest in brackets. */
export function tableOf(rows: readonly { row: Row; opponent?: string; statistics: RowStatistics }[]): string {
  return markdownTable([
    header,
    ...rows.map(({ row, opponent, statistics: { ours, against, figure, met } }) => [
      row.work,
      row.unit,
      text(ours.rate, rate),
      against ? `${opponent}: ${text(against.rate, rate)}` : '',
      `**${formats[row.format](figure.median)}** (${formats[row.format](figure.min)} – ${formats[row.format](figure.max)})`,
      bound(row, row.limit.value),
      bound(row, row.limit.aim),
      verdicts[met],
      String(ours.peakMemoryMb),
      against ? String(against.peakMemoryMb) : '',
    ]),
  ]);
}

const verdicts: Record<RowStatistics['met'], string> = {
  aim: 'yes, and the aim',
  yes: 'yes',
  no: 'no',
  busy: 'does not count: other work ran',
};

const formats: Record<Row['format'], (figure: number) => string> = {
  times: (figure) => `${figure.toFixed(2)}×`,
  percent: (figure) => `${(100 * figure).toFixed(2)}%`,
};

function bound({ format, limit }: Row, value: number): string {
  return `${limit.kind === 'at least' ? '≥' : '≤'} ${format === 'times' ? `${value}×` : `${100 * value}%`}`;
}

function text({ median, min, max }: Spread, format: (value: number) => string): string {
  return `${format(median)} (${format(min)} – ${format(max)})`;
}

/** Three digits, as the spread allows no more. */
function rate(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 4 });
}
