import { describe, expect, it } from '@jest/globals';

import { WeightsError } from './errors.ts';
import { refusePickle } from './refuse-pickle.ts';
import { encodeSafetensors } from './safetensors.ts';

const safetensors = encodeSafetensors({ tensors: {}, metadata: {} });
const zip = Buffer.from('PK\u0003\u0004 and so on', 'latin1');
const pickle = Buffer.from([0x80, 2, 0x8a, 0x0a]);

describe('a PyTorch checkpoint', () => {
  it.each([
    ['net.pth', zip],
    ['net.pt', pickle],
    ['pytorch_model.bin', Buffer.from('?')],
    ['model.safetensors', zip],
    ['model', pickle],
  ])('is refused by name or by its first bytes: %s', (file, bytes) => {
    expect(() => refusePickle(file, bytes)).toThrow(WeightsError);
  });

  it('is refused in one line, with the command that converts it', () => {
    let message = '';
    try {
      refusePickle("my nets/it's.pth.tar", zip);
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toMatch(
      /^nets: my nets\/it's\.pth\.tar: a PyTorch pickle can run code .* convert it .*: python -c "/,
    );
    expect(message).toContain('weights_only=True');
    expect(message.endsWith(` 'my nets/it'\\''s.pth.tar' 'my nets/it'\\''s.pth.safetensors'`)).toBe(true);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('is not what holds safetensors, whatever its name', () => {
    expect(() => refusePickle('net.safetensors', safetensors)).not.toThrow();
    expect(() => refusePickle('pytorch_model.bin', safetensors)).not.toThrow();
  });
});
