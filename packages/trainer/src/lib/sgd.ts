import { addN, isTrainable, type Parameters, parameter, tf, Variable } from '@radiotracer/nets';

/** A parameter that moves, and its velocity v. */
interface Moving {
  readonly weight: Variable;
  readonly velocity: Variable;
}

/**
 * Stochastic gradient descent with momentum and weight decay, as PyTorch's `torch.optim.SGD` (Nesterov off):
 * v ← m·v + g + d·w;  w ← w − η·v, with v = 0 at the start. Biases and batch normalisation decay like all others.
 */
export class Sgd {
  /** By parameter. */
  private readonly moving: ReadonlyMap<string, Moving>;

  /** @param parameters, velocities - copied; what has no velocity does not move */
  constructor(
    private readonly settings: { readonly momentum: number; readonly weightDecay: number },
    parameters: Parameters,
    velocities: Parameters,
  ) {
    this.moving = new Map(
      Object.entries(velocities).map(([name, velocity]) => [
        name,
        { weight: Variable.of(parameter(parameters, name)), velocity: Variable.of(velocity) },
      ]),
    );
  }

  static atRest(settings: { momentum: number; weightDecay: number }, parameters: Parameters): Sgd {
    const trainable = Object.entries(parameters).filter(([name]) => isTrainable(name));
    const rest = Object.fromEntries(trainable.map(([name, weight]) => [name, tf.zerosLike(weight)]));
    const sgd = new Sgd(settings, parameters, rest);
    tf.dispose(rest);
    return sgd;
  }

  /** @param gradients - the caller's to dispose */
  step(gradients: Parameters, learningRate: number): void {
    const { momentum, weightDecay } = this.settings;
    tf.tidy(() => {
      const [rate, m, d] = [tf.scalar(learningRate), tf.scalar(momentum), tf.scalar(weightDecay)];
      const decay = tf.scalar(-weightDecay / momentum);
      for (const [name, { weight, velocity }] of this.moving) {
        const w = weight.read();
        let gradient = parameter(gradients, name);
        if (momentum > 0) {
          velocity.descend(w, decay); // in place: m·(v + d/m·w) is m·v + d·w
        } else {
          gradient = addN([gradient, tf.mul(w, d)]);
        }
        w.dispose();
        weight.descendWithMomentum(velocity, gradient, rate, m);
      }
    });
  }

  /** w by name. The caller owns the tensors, and disposes them before the next step lest that has to copy them. */
  weights(): Parameters {
    return Object.fromEntries([...this.moving].map(([name, { weight }]) => [name, weight.read()]));
  }

  /** v by name, likewise. */
  velocities(): Parameters {
    return Object.fromEntries([...this.moving].map(([name, { velocity }]) => [name, velocity.read()]));
  }

  dispose(): void {
    for (const { weight, velocity } of this.moving.values()) {
      weight.dispose();
      velocity.dispose();
    }
  }
}
