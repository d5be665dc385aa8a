import { fileURLToPath } from 'node:url';
import { picture } from './picture.ts';
import { makeToy, type Toy } from './toy.ts';

const draws = 20;
/** One whose published versions went up. */
const shown = 5;

export const pictureFile = fileURLToPath(new URL('../../../docs/method.svg', import.meta.url));

/** The picture of docs/method.svg, the same at every call. */
export async function drawPicture(): Promise<string> {
  const toys: Toy[] = [];
  for (let draw = 1; draw <= draws; draw++) toys.push(await makeToy(draw));
  return picture(toys, shown);
}
