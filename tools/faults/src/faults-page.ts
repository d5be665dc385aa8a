import { cell, victims } from './aim.ts';
import { activities } from './moment.ts';
import type { KillMatrix, Machine, Results, Soak } from './results.ts';

/** `docs/results/faults.md`. */
export function faultsPage({ killMatrix, soak }: Results): string {
  return [
    '# Faults',
    '',
    'Written by the programs in [tools/faults](../../tools/faults/README.md); the numbers behind it are in `faults.json`.',
    ...(killMatrix ? ['', ...killMatrixSection(killMatrix)] : []),
    ...(soak ? ['', ...soakSection(soak)] : []),
    '',
  ].join('\n');
}

function killMatrixSection({ seed, undisturbed, runs, ...where }: KillMatrix): string[] {
  const kills = runs.flatMap((run) => run.kills);
  const same = runs.filter(({ resultHash }) => resultHash === undisturbed.resultHash).length;
  const clean = runs.filter(({ leftBehind }) => leftBehind.length === 0).length;
  const counts = new Map<string, number>();
  for (const { activity, victim } of kills) {
    counts.set(cell(activity, victim), (counts.get(cell(activity, victim)) ?? 0) + 1);
  }
  const count = (activity: (typeof activities)[number], victim: (typeof victims)[number]): number =>
    counts.get(cell(activity, victim)) ?? 0;
  const lost = runs.reduce((sum, { seconds }) => sum + seconds - undisturbed.seconds, 0) / kills.length;
  return [
    '## Kill matrix',
    '',
    '```sh',
    `npm run test:faults -- --kills ${kills.length} --seed ${seed}`,
    '```',
    '',
    `${whereText(where)}. The experiment: 480 + 100 images of 32×32, ResNet-18 of width 8, three networks of 2`,
    'epochs, 77 images marked in 6 versions; a checkpoint every 3 steps of training and after each batch of marking. The',
    'built command, its local server and compute children, TensorFlow; a fresh store for each run, the same corpus and key.',
    'After a kill the same command is given again when it has ended, and nothing else is done.',
    '',
    `**${kills.length} kills (SIGKILL) in ${runs.length} runs: the result hash is that of the undisturbed run in ` +
      `${same} of ${runs.length}**; nothing is left behind (processes, files in \`working/\`) in ${clean} of ${runs.length}.`,
    '',
    table(
      ['at', ...victims.map((victim) => victimNames[victim]), 'all kills'],
      [
        ...activities.map((activity) => [
          activity,
          ...victims.map((victim) => String(count(activity, victim))),
          String(victims.reduce((sum, victim) => sum + count(activity, victim), 0)),
        ]),
        [
          'all',
          ...victims.map((victim) => String(kills.filter((kill) => kill.victim === victim).length)),
          String(kills.length),
        ],
      ],
    ),
    '',
    'What a child was doing is read from the files that it had open when it was stopped (SIGSTOP), just before the kill.',
    '',
    'Work done twice, from the progress that the children told (up to 0.2 s of work is not told and so not counted):',
    '',
    table(['step', 'deaths of its child', 'done twice, median', 'at most', 'one interval'], repeatedRows(runs)),
    '',
    'This experiment is smaller than a shard, a published file or a piece of the evidence: these steps begin anew.',
    '',
    `Wall time, with whatever else the machine did: undisturbed ${undisturbed.seconds.toFixed(0)} s; a kill cost ` +
      `${lost.toFixed(0)} s on average, most of`,
    'it the 30 s in which a killed worker is not known to be dead, and starts of processes.',
    '',
    'The result hash is over the SHA-256 of every artefact in the store and every file in the folder of the result; left',
    'out are the columns of the report and of `summary.json` that tell when, how fast and at which attempt a stage ran.',
  ];
}

/** Temporal ends a workflow whose history has more: https://docs.temporal.io/workflow-execution/limits */
const limits = { events: 51_200, mib: 50 };

function soakSection({ samples, leftBehind, ...where }: Soak): string[] {
  const quarter = Math.ceil(samples.length / 4);
  const quarters = [0, 1, 2, 3].map((i) => samples.slice(i * quarter, (i + 1) * quarter));
  const range = (values: number[]): string => `${median(values)} (${Math.min(...values)} to ${Math.max(...values)})`;
  const real = samples.filter(({ isReal }) => isReal).length;
  const events = Math.max(...samples.map((sample) => sample.events));
  const kib = Math.max(...samples.map((sample) => sample.historyBytes)) / 1024;
  return [
    '## Soak',
    '',
    '```sh',
    `npm run test:soak -- --experiments ${samples.length}`,
    '```',
    '',
    `${whereText(where)}. ${samples.length} experiments of 15 steps in a row through one Temporal server and one worker, every`,
    `step in a compute child of its own. ${real} of them compute (TensorFlow, 100 images); the stages of the others wait 50 ms,`,
    'keep a checkpoint and write a file.',
    '',
    table(
      [
        'experiments',
        'worker, resident MiB: median (least to most)',
        'Temporal, resident MiB',
        'median seconds of one',
      ],
      quarters.map((each, i) => [
        `${i * quarter + 1} to ${i * quarter + each.length}`,
        range(each.map(({ workerMiB }) => workerMiB)),
        range(each.map(({ temporalMiB }) => temporalMiB)),
        median(each.map(({ seconds }) => seconds)).toFixed(1),
      ]),
    ),
    '',
    `Largest history: ${events} events of ${limits.events} that Temporal allows, ${kib.toFixed(0)} KiB of ${limits.mib} MiB.`,
    leftBehind === undefined
      ? 'The soak was cut off before its end.'
      : `Left behind (processes, \`working/\`, temporary files): ${leftBehind.join(', ') || 'nothing'}.`,
  ];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const victimNames = {
  child: 'compute child',
  worker: 'local server (worker)',
  server: 'Temporal',
  command: 'command',
  all: 'all at once',
} as const;

function repeatedRows(runs: KillMatrix['runs']): string[][] {
  const repeated = runs.flatMap((run) => run.repeated);
  const steps = [...new Set(repeated.map(({ step, unit }) => `${step}|${unit}`))].sort();
  return steps.map((name) => {
    const [step = '', unit = ''] = name.split('|');
    const each = repeated.filter((one) => one.step === step && one.unit === unit);
    const done = each.map((one) => one.done).sort((a, b) => a - b);
    const interval = each[0]?.interval;
    return [
      step,
      String(each.length),
      `${done[Math.floor(done.length / 2)]} ${unit}`,
      `${done.at(-1)} ${unit}`,
      interval === undefined ? 'none: begins anew' : `${interval} ${unit}`,
    ];
  });
}

function whereText({ date, commit, cpu, cores, os, node }: Machine): string {
  return `${date}, commit ${commit}, ${cores} cores of ${cpu}, ${os}, Node ${node}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
