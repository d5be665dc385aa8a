/** Draws docs/method.svg: `node --conditions=@radiotracer/source --import tsx tools/picture/src/main.ts`. */
import { writeFile } from 'node:fs/promises';
import { drawPicture, pictureFile } from './draw-picture.ts';

await writeFile(pictureFile, await drawPicture());
