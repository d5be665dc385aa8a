import { densenet121 } from './densenet.ts';
import type { Family, Stem } from './family.ts';
import { resnet18, resnet34, resnet50 } from './resnet.ts';
import { vgg16, vgg16Bn } from './vgg.ts';

/** The networks that there are, by torchvision's names. */
const families = { resnet18, resnet34, resnet50, vgg16, vgg16_bn: vgg16Bn, densenet121 } satisfies Record<
  string,
  Family
>;

export type ArchitectureName = keyof typeof families;

export const architectureNames = Object.keys(families) as [ArchitectureName, ...ArchitectureName[]];

/** Which network. */
export interface Architecture {
  readonly name: ArchitectureName;
  /** How it looks at the image: as in its paper, or made for small images. */
  readonly stem: Stem;
  /** Channels of its first convolution, 64 in the papers; all others are in proportion. */
  readonly width: number;
}

export function familyOf({ name }: Pick<Architecture, 'name'>): Family {
  return families[name];
}

/** Name of the layer that makes logits of features. */
export function lastLayer({ name }: Pick<Architecture, 'name'>): string {
  return families[name].lastLayer;
}

/** Whether a network can be so, as far as a name, a stem and a width make one. */
export function isArchitecture(value: unknown): value is Architecture {
  const { name, stem, width } = (value ?? {}) as Partial<Architecture>;
  const isNamed = architectureNames.some((known) => known === name) && Number.isInteger(width) && Number(width) >= 1;
  return isNamed && misfit({ name, stem, width } as Architecture) === undefined;
}

/** The field of an architecture that its family does not have, and what would be valid; undefined if all fit. */
export function misfit({
  name,
  stem,
  width,
}: Architecture): { readonly field: 'stem' | 'width'; readonly valid: string } | undefined {
  const { stems, widthStep } = families[name];
  if (!(stems as readonly Stem[]).includes(stem)) {
    return { field: 'stem', valid: `${stems.map((valid) => `"${valid}"`).join(' or ')}, which ${name} has` };
  }
  if (width % widthStep !== 0) return { field: 'width', valid: `a multiple of ${widthStep}, as ${name} needs` };
  return undefined;
}
