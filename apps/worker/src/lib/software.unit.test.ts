import { expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import { software } from './software.ts';

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };

test('tells of onnxruntime where the stage runs an ONNX file, and only there', () => {
  expect(software('askOnnx')).toEqual({ radiotracer: expect.any(String), onnxruntime: version });
  expect(software('judge')).toEqual({ radiotracer: expect.any(String) });
});
