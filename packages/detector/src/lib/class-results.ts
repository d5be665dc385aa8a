import { log10CosineUpperTail } from '@radiotracer/stats';
import { referenceLossWeight } from './decoy-score.ts';
import { exactDecoyTest } from './exact-decoy-test.ts';
import { pickImages } from './pick-images.ts';
import type { ClassResult, Evidence } from './types.ts';

/** The tests within each class that has marked images, for the report; no class by itself decides anything. */
export function classResults(evidence: Evidence): ClassResult[] {
  const { marked, whiteBox, totalDraws } = evidence;
  const weight = referenceLossWeight(evidence); // of few images it could not be fitted
  return evidence.classNames.flatMap((className, label) => {
    const images = [...marked.label.keys()].filter((i) => marked.label[i] === label);
    if (images.length === 0) return [];
    const cosine = whiteBox?.cosine[label] ?? null;
    return {
      className,
      marked: images.length,
      decoyLog10P:
        totalDraws === undefined ? exactDecoyTest({ marked: pickImages(marked, images) }, weight).result.log10P : null,
      cosine,
      cosineLog10P: whiteBox && cosine !== null ? log10CosineUpperTail(cosine, whiteBox.dimension) : null,
    };
  });
}
