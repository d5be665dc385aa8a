import { type Architecture, architectureNames, familyOf } from './architecture.ts';
import { WeightsError } from './errors.ts';
import { type ParameterSpec, parameterSpecs } from './parameter-specs.ts';
import { COUNTER } from './safetensors.ts';
import { storedShape, torchvisionLayout } from './torchvision-layout.ts';

/** Tensors of a file by name. */
type Shapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

export interface Recognised {
  readonly architecture: Architecture;
  readonly classes: number;
}

/**
 * The network that a file's tensors make, in torchvision's or timm's naming: the one all of whose parameters are there,
 * in their shapes, and nothing else. At most one is.
 *
 * A 3×3 stem is taken for `small`; that no pool follows it, no tensor says.
 *
 * @param file - named in errors
 * @throws WeightsError saying what was found, which network comes nearest and where it differs, and which are known
 */
export function recognise(tensors: Shapes, file: string): Recognised {
  const found = torchvisionLayout(tensors);
  const candidates = architectureNames.flatMap((name) => candidatesOf(name, found));
  const judged = candidates.map((candidate) => ({ ...candidate, ...compare(candidate.specs, found) }));
  const match = judged.find(({ difference }) => difference === undefined);
  if (match) return { architecture: match.architecture, classes: match.classes };

  const [nearest] = judged.sort((a, b) => b.agreeing - a.agreeing);
  const hint = nearest
    ? `; nearest is ${nearest.architecture.name}, where ${nearest.difference}`
    : `; its first are ${Object.keys(tensors).slice(0, 3).join(', ') || 'none'}`;
  const count = Object.keys(found).length;
  throw new WeightsError(
    file,
    `its ${count} tensors make no network that is known${hint}; known are ${architectureNames.join(', ')}, ` +
      'with the names of torchvision or timm',
  );
}

interface Candidate extends Recognised {
  readonly specs: readonly ParameterSpec[];
}

/** Networks of a name whose width and classes are those of the file's first and last layer. */
function candidatesOf(name: Architecture['name'], found: Shapes): Candidate[] {
  const { stems, widthStep, lastLayer } = familyOf({ name });
  const classes = found[`${lastLayer}.weight`]?.shape[0];
  return stems.flatMap((stem) => {
    const [first] = parameterSpecs({ name, stem, width: widthStep }, 1);
    const width = found[first?.name ?? '']?.shape[0];
    if (!isCount(classes) || !isCount(width) || width % widthStep !== 0) return [];
    const architecture = { name, stem, width };
    return [{ architecture, classes, specs: parameterSpecs(architecture, classes) }];
  });
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && value >= 1;
}

/** How many parameters agree, and the first thing in which file and network differ. */
function compare(specs: readonly ParameterSpec[], found: Shapes): { agreeing: number; difference: string | undefined } {
  const expected = new Map(specs.map((spec) => [spec.name, String(storedShape(spec.shape))]));
  const shown = (name: string): string | undefined => found[name] && String(found[name].shape);
  const wrong = [...expected].find(([name, shape]) => shown(name) !== shape);
  const unknown = Object.keys(found).find((name) => !expected.has(name) && !name.endsWith(COUNTER));
  const difference = wrong
    ? `${wrong[0]} is [${wrong[1]}] and here ${shown(wrong[0]) === undefined ? 'missing' : `[${shown(wrong[0])}]`}`
    : unknown && `there is no ${unknown}`;
  return { agreeing: [...expected].filter(([name, shape]) => shown(name) === shape).length, difference };
}
