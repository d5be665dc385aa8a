import { addN, isTrainable, type Parameters, parameter, tf } from '@radiotracer/nets';

/**
 * Stochastic gradient descent with momentum and weight decay, as PyTorch's `torch.optim.SGD` (Nesterov off):
 * v ← m·v + g + d·w;  w ← w − η·v, with v = 0 at the start. Biases and batch normalisation decay like all others.
 */
export class Sgd {
  constructor(
    private readonly settings: { readonly momentum: number; readonly weightDecay: number },
    /** v by parameter; owned by the optimiser. */
    private velocities: Parameters,
  ) {}

  static atRest(settings: { momentum: number; weightDecay: number }, parameters: Parameters): Sgd {
    const trainable = Object.entries(parameters).filter(([name]) => isTrainable(name));
    return new Sgd(settings, Object.fromEntries(trainable.map(([name, tensor]) => [name, tf.zerosLike(tensor)])));
  }

  /** Moves the trainable parameters. Gradients and old parameters are the caller's to dispose. */
  step(parameters: Parameters, gradients: Parameters, learningRate: number): Parameters {
    const moved: Record<string, tf.Tensor> = {};
    const velocities: Record<string, tf.Tensor> = {};
    for (const name of Object.keys(this.velocities)) {
      const weight = parameter(parameters, name);
      const [velocity, next] = tf.tidy(() => {
        const v = addN([
          tf.mul(parameter(this.velocities, name), this.settings.momentum),
          parameter(gradients, name),
          tf.mul(weight, this.settings.weightDecay),
        ]);
        return [v, tf.sub(weight, tf.mul(v, learningRate))] as [tf.Tensor, tf.Tensor];
      });
      velocities[name] = velocity;
      moved[name] = next;
    }
    tf.dispose(this.velocities);
    this.velocities = velocities;
    return moved;
  }

  get state(): Parameters {
    return this.velocities;
  }

  dispose(): void {
    tf.dispose(this.velocities);
  }
}
