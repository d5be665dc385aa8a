import { log10CosineUpperTail } from '@radiotracer/stats';
import { referenceLossWeight } from './decoy-score.ts';
import { exactDecoyTest } from './exact-decoy-test.ts';
import type { ClassResult, Evidence } from './types.ts';

/** The tests within each class that has marked images, for the report; no class by itself decides anything. */
export function classResults(evidence: Evidence): ClassResult[] {
  const { marked, whiteBox } = evidence;
  const weight = referenceLossWeight(evidence); // of few images it could not be fitted
  return evidence.classNames.flatMap((className, label) => {
    const images = [...marked.label.keys()].filter((i) => marked.label[i] === label);
    if (images.length === 0) return [];
    const cosine = whiteBox?.cosine[label] ?? null;
    return {
      className,
      marked: images.length,
      decoyLog10P: exactDecoyTest({ marked: pickImages(marked, images) }, weight).result.log10P,
      cosine,
      cosineLog10P: whiteBox && cosine !== null ? log10CosineUpperTail(cosine, whiteBox.dimension) : null,
    };
  });
}

function pickImages(marked: Evidence['marked'], images: readonly number[]): Evidence['marked'] {
  const pick = <T>(values: readonly T[]): T[] => values.filter((_, i) => images.includes(i));
  return {
    label: pick(marked.label),
    group: pick(marked.group),
    published: pick(marked.published),
    suspectLoss: pick(marked.suspectLoss),
    referenceLoss: pick(marked.referenceLoss),
  };
}
