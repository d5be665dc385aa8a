import { expect, it, jest } from '@jest/globals';

it('without onnxruntime-node says how it is installed', async () => {
  jest.unstable_mockModule('onnxruntime-node', () => {
    throw Object.assign(new Error("Cannot find package 'onnxruntime-node'"), { code: 'ERR_MODULE_NOT_FOUND' });
  });
  const { OnnxNetwork } = await import('./onnx-network.ts');
  const opening = OnnxNetwork.open('theirs.onnx', Buffer.alloc(8), { height: 8, width: 8, classes: 2 });
  await expect(opening).rejects.toThrow(
    'onnx: theirs.onnx: onnxruntime-node, which runs it, is not installed: npm install onnxruntime-node@1.30.0',
  );
});
