import type { Rates } from './rates.ts';
import type { Load } from './run-stubbed.ts';
import { schedule, sum, type Done } from './schedule.ts';
import type { Work } from './work.ts';

/** US dollars, assumed: about what AWS lists in us-east-1 for a machine of 2 cores (c7i.large) and for S3 Standard. */
const prices = { workerHour: 0.09, put: 5e-6, get: 4e-7, gigabyteMonth: 0.023 };
const workerCounts = [1, 2, 4, 8, 16];

export function workflowText(load: Load): string {
  return table(
    ['workflow', ''],
    [
      ['activities', String(load.activities)],
      ['largest fan-out', String(load.fanOut)],
      ['history, events', String(load.historyEvents)],
      ['history, bytes', bytesText(load.historyBytes)],
      ['payloads in it', bytesText(load.payloadBytes)],
      ['largest payload', bytesText(load.largestPayloadBytes)],
      ['peak memory of the worker', bytesText(load.workerPeakBytes)],
      ['peak memory of the server', bytesText(load.serverPeakBytes)],
      ['seconds, nothing computed', load.seconds.toFixed(1)],
    ],
  );
}

/** Traffic of one worker and of sixteen, by stage. */
export function stageTable(works: readonly Work[], rates: Rates): string {
  const [one, many] = [1, 16].map((workers) => schedule(works, workers, rates.transfer)) as [Done[], Done[]];
  const stages = [...new Set(works.map(({ stage }) => stage))];
  const rows = stages.map((stage) => {
    const ours = works.filter((work) => work.stage === stage);
    const fetched = (done: readonly Done[]) =>
      sum(done.filter(({ work }) => work.stage === stage).map(({ fetchedBytes }) => fetchedBytes));
    return [
      stage,
      String(ours.length),
      timeText(sum(ours.map(({ seconds }) => seconds))),
      bytesText(sum(ours.map(({ bytes }) => bytes))),
      String(sum(ours.map(({ files }) => files))),
      bytesText(fetched(one)),
      bytesText(fetched(many)),
    ];
  });
  const heads = ['stage', 'runs', 'computes', 'sends', 'objects', 'fetches, 1 worker', 'fetches, 16 workers'];
  return table(heads, rows);
}

/** @param isMeasured - whether the workers are like the machine that was measured, so that they have a price */
export function costTable(works: readonly Work[], rates: Rates, isMeasured: boolean): string {
  const rows = workerCounts.map((workers) => {
    const done = schedule(works, workers, rates.transfer);
    const hours = Math.max(...done.map(({ endSeconds }) => endSeconds)) / 3600;
    const busy = sum(done.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds)) / 3600 / (hours * workers);
    const requests =
      sum(works.map(({ files }) => files)) * prices.put +
      sum(done.map(({ fetchedFiles }) => fetchedFiles)) * prices.get;
    const storage = ((sum(works.map(({ bytes }) => bytes)) / 1e9) * prices.gigabyteMonth * hours) / 730;
    const compute = workers * hours * prices.workerHour;
    return [
      String(workers),
      timeText(hours * 3600),
      `${Math.round(busy * 100)}%`,
      bytesText(sum(done.map(({ fetchedBytes }) => fetchedBytes))),
      isMeasured ? `$${compute.toFixed(0)}` : '-',
      `$${(requests + storage).toFixed(2)}`,
    ];
  });
  return table(['workers', 'time', 'busy', 'fetched', 'workers cost', 'bucket costs'], rows);
}

function timeText(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}

function bytesText(bytes: number): string {
  const unit = bytes >= 1e9 ? ('GB' as const) : bytes >= 1e6 ? ('MB' as const) : ('kB' as const);
  return `${(bytes / { GB: 1e9, MB: 1e6, kB: 1e3 }[unit]).toFixed(1)} ${unit}`;
}

/** Markdown. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
