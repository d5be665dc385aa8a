import { join } from 'node:path';

import { readSealed, type StageContext, writeSealed } from '@radiotracer/store';

import { type Answer, type AnswerKind, answerProblem } from '../answer.ts';
import { answerReader } from '../answer-columns.ts';
import { answerLoss } from '../answer-loss.ts';
import { EndpointError } from '../errors.ts';
import type { Query } from '../queries.ts';

/** The answers that came, each in a file of its own in the scratch folder. */
export class Answers {
  readonly #byId = new Map<string, Answer>();
  readonly #losses = new Map<string, number>();
  #kind: AnswerKind | undefined;

  private constructor(
    private readonly context: Pick<StageContext, 'scratchDir' | 'report'>,
    private readonly classNames: readonly string[],
    /** Queries in all. */
    readonly total: number,
  ) {}

  /** Those that an earlier attempt kept are there already. */
  static async open(
    context: Pick<StageContext, 'scratchDir' | 'report'>,
    classNames: readonly string[],
    queries: readonly Query[],
  ): Promise<Answers> {
    const answers = new Answers(context, classNames, queries.length);
    for (const { id } of queries) {
      const kept = await readSealed(answers.#file(id));
      if (kept) answers.#add(id, JSON.parse(kept.toString()) as Answer);
    }
    return answers;
  }

  get count(): number {
    return this.#byId.size;
  }

  /** Of them all; known once there is one. */
  get kind(): AnswerKind {
    return this.#kind as AnswerKind;
  }

  has({ id }: Query): boolean {
    return this.#byId.has(id);
  }

  of({ id }: Query): Answer {
    return this.#byId.get(id) as Answer;
  }

  /** How wrong an answer is, see `answerLoss`. */
  lossOf(query: Query): number {
    const known = this.#losses.get(query.id);
    if (known !== undefined) return known;
    const loss = answerLoss(this.of(query), query.label, this.classNames.length);
    this.#losses.set(query.id, loss);
    return loss;
  }

  /** @throws EndpointError if it is none that can be judged, or of another kind than those before */
  async keep({ id }: Query, row: Readonly<Record<string, unknown>>, url: string): Promise<void> {
    const answer = this.#read(row, url);
    await writeSealed(this.#file(id), JSON.stringify(answer));
    this.#add(id, answer);
  }

  #read(row: Readonly<Record<string, unknown>>, url: string): Answer {
    try {
      const answer = answerReader(Object.keys(row), this.classNames)(row);
      const problem = answerProblem(answer, this.classNames.length);
      if (problem !== undefined) throw new Error(problem);
      this.#kind ??= answer.kind; // at once: others may come while this one is being kept
      if (answer.kind !== this.#kind) {
        throw new Error(`found ${answer.kind}, but ${this.#kind} before; expected answers of one kind`);
      }
      return answer;
    } catch (cause) {
      throw new EndpointError(`${url}: ${(cause as Error).message}`, { cause });
    }
  }

  #add(id: string, answer: Answer): void {
    this.#kind ??= answer.kind;
    this.#byId.set(id, answer);
    this.context.report({ done: this.count, total: this.total, unit: 'queries' });
  }

  #file(id: string): string {
    return join(this.context.scratchDir, `answer-${id}.sealed`);
  }
}
