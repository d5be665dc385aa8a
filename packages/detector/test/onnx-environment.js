import { TestEnvironment } from 'jest-environment-node';

/** onnxruntime-node makes its results outside Jest's sandbox, and must find there the arrays that it knows. */
export default class OnnxEnvironment extends TestEnvironment {
  constructor(...settings) {
    super(...settings);
    this.global.Float32Array = Float32Array;
  }
}
