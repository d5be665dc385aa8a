import { expect, it } from '@jest/globals';
import { drawsOf } from './decoy-score.ts';
import { countDraws, firstDraws, markedImages } from './marked-images.ts';

const images = [2, 0, 2, 1, 0].map((label, i) => ({
  row: 10 * i,
  label,
  published: label,
  versionSha256: [],
}));

it('takes labels, draws and published versions from a manifest', () => {
  expect(markedImages({ images, carrierUnit: 'image' }).group).toEqual([0, 10, 20, 30, 40]);
  expect(markedImages({ images, carrierUnit: 'class' })).toEqual({
    label: [2, 0, 2, 1, 0],
    group: [2, 0, 2, 1, 0],
    published: [2, 0, 2, 1, 0],
  });
});

it('keeps the images of the first draws together, wherever they stand, in their order', () => {
  const marked = { ...markedImages({ images, carrierUnit: 'class' }), loss: [[1], [2], [3], [4], [5]] };
  expect(countDraws(marked)).toBe(3);
  expect(firstDraws(marked, 2)).toEqual({
    label: [2, 0, 2, 0],
    group: [2, 0, 2, 0],
    published: [2, 0, 2, 0],
    loss: [[1], [2], [3], [5]],
  });
  expect(firstDraws(marked, 0).group).toEqual([]);
  expect(firstDraws(marked, 3)).toEqual(marked);
  const published = ({ published }: { readonly published: number }): number => published;
  expect(drawsOf({ marked: firstDraws(marked, 2) }).map(published)).toEqual(
    drawsOf({ marked }).slice(0, 2).map(published),
  );
});
