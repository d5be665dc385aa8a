import { finiteLossesByDraw } from '../answer-loss.ts';
import { drawsUntilSure, type StoppingRule } from '../anytime-decoy-test.ts';
import { drawsOf } from '../decoy-score.ts';
import { firstDraws, type MarkedImages } from '../marked-images.ts';
import { inOrderOfIds, type Query } from '../queries.ts';
import type { Evidence } from '../types.ts';
import { meansOfViews } from '../views.ts';
import type { Answers } from './answers.ts';
import type { Asking } from './asking.ts';

/** A marked image each: what it is, and what is known of it before anybody is asked; [n], queries [n][V · views], losses [n][V]. */
export interface ImagesToAsk extends MarkedImages {
  readonly queries: readonly (readonly Query[])[];
  readonly referenceLoss: Evidence['marked']['referenceLoss'];
}

/**
 * Asks about one draw after another, in the order of the publication, until the anytime-valid test is sure: of each draw about
 * all versions of all its images, in the order of their ids, and about as many draws at once as requests may wait. Answers
 * that come after the draw that was enough are of no account, so what comes out follows from the answers alone.
 *
 * @returns the images of the draws that were enough, or of all
 * @throws EndpointError as `Asking`
 */
export async function askUntilSure(
  images: ImagesToAsk,
  rule: StoppingRule,
  answers: Answers,
  asking: Pick<Asking, 'ask' | 'imagesAtOnce'>,
): Promise<{ readonly draws: number; readonly images: ImagesToAsk & Evidence['marked'] }> {
  const queries = drawsOf({ marked: images }).map((draw) =>
    inOrderOfIds(draw.images.flatMap((i) => images.queries[i] ?? [])),
  );
  let answered = 0;
  for (;;) {
    while (queries[answered]?.every((query) => answers.has(query))) answered++;
    const soFar = withLosses(firstDraws(images, answered), answers);
    const enough = answered === 0 ? undefined : drawsUntilSure({ marked: soFar }, rule);
    const draws = enough ?? answered;
    if (enough !== undefined || answered === queries.length) return { draws, images: firstDraws(soFar, draws) };
    await asking.ask(nextWave(queries.slice(answered), answers, asking.imagesAtOnce));
  }
}

function withLosses(images: ImagesToAsk, answers: Answers): ImagesToAsk & Evidence['marked'] {
  const losses = images.queries.map((queries) => queries.map((query) => answers.lossOf(query)));
  const draws = drawsOf({ marked: images }).map((draw) => draw.images);
  const suspectLoss = finiteLossesByDraw(losses, draws).map((ofImage, i) =>
    meansOfViews(ofImage, ofImage.length / (images.referenceLoss[i]?.length ?? 1)),
  );
  return { ...images, suspectLoss };
}

/** What is not answered of the first draw, and of so many more as are on their way at once. */
function nextWave(draws: readonly (readonly Query[])[], answers: Answers, imagesAtOnce: number): Query[] {
  const wave: Query[] = [];
  for (const draw of draws) {
    const missing = draw.filter((query) => !answers.has(query));
    if (wave.length > 0 && wave.length + missing.length > imagesAtOnce) break;
    wave.push(...missing);
  }
  return wave;
}
