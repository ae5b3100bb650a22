import type pg from 'pg';
import { commit, onConnection } from './transaction.ts';

/** What a transaction gives, and what was sent and not waited for: COMMIT goes out right behind it. */
export interface Piped<T> {
  readonly result: T;
  readonly underWay: readonly Promise<unknown>[];
}

declare const isPiped: unique symbol;
/** The connection of a transaction of {@link inPipeline}. */
export type PipedClient = pg.ClientBase & { readonly [isPiped]: true };

/**
 * A transaction whose statements are sent without waiting for the answers of those before: a round trip for each thing that has to be known
 * and not for each statement, and locks that are held no longer than PostgreSQL writes. Once a statement has failed all behind it
 * fail, too, with the first cause. Rolls back on any error, tries again after a deadlock or serialization failure.
 * @param work begins with statements that do no harm outside of a transaction: they go out together with BEGIN
 */
export function inPipeline<T>(pool: pg.Pool, work: (client: PipedClient) => Promise<Piped<T>>): Promise<T> {
  return onConnection(pool, async (client) => {
    const pipe = new Pipe(client);
    try {
      const begun = pipe.begin();
      const { result, underWay } = await work(pipe.client);
      const done = later(Promise.all([begun, ...underWay]));
      // What failed in this process, before anything was sent, must not be followed by a COMMIT.
      await Promise.race([done, nextTick()]);
      const committed = later(commit(pipe.client));
      pipe.close();
      await done;
      await committed;
      return result;
    } finally {
      pipe.close();
    }
  });
}

/** For what is waited for later: that it fails meanwhile is no unhandled failure. */
export function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Once everything that has failed already was heard of. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

type Callback = (error: unknown, ...results: readonly unknown[]) => void;
type Send = (statement: unknown, values?: unknown, callback?: Callback) => unknown;

/** A connection whose statements fail with what made their transaction fail, and that takes none once the transaction is over. */
class Pipe {
  readonly client: PipedClient;
  readonly #send: Send;
  #cause: unknown;
  /** Why nothing is sent any more. */
  #refusal: { readonly because: unknown } | null = null;

  constructor(client: pg.ClientBase) {
    this.#send = client.query.bind(client) as Send;
    const query = (statement: unknown, values?: unknown) => this.#query(statement, values);
    this.client = Object.assign(Object.create(client) as PipedClient, { query });
  }

  /** Answers come in order: whatever is sent once something was answered is not sent if this failed. */
  begin(): Promise<unknown> {
    const begun = this.client.query('BEGIN');
    begun.catch((because: unknown) => {
      this.#refusal = { because };
    });
    return begun;
  }

  /** What still wanted to go on when the transaction ended would do so in somebody else's. */
  close(): void {
    this.#refusal ??= { because: this.#cause ?? new Error('the transaction is over') };
  }

  #query(statement: unknown, values: unknown): unknown {
    if (isOwnKind(statement)) {
      const { callback } = statement;
      statement.callback = (error, ...results) => callback(error && this.#causeOf(error), ...results);
      if (this.#refusal) callback(this.#refusal.because);
      else this.#send(statement);
      return statement;
    }
    if (this.#refusal) return later(Promise.reject(this.#refusal.because));
    const isStepBack = typeof statement === 'string' && statement.startsWith('ROLLBACK');
    const answer = Promise.withResolvers<unknown>();
    // By callback: all are heard in the order in which PostgreSQL answers, whatever waits for them.
    this.#send(statement, values, (error, result) => {
      if (error) return answer.reject(this.#causeOf(error));
      // Not before: what was sent ahead of it may still be answered.
      if (isStepBack) this.#cause = undefined;
      answer.resolve(result);
    });
    return later(answer.promise);
  }

  #causeOf(error: unknown): unknown {
    this.#cause ??= error;
    return this.#cause;
  }
}

/** The driver's own kind of statement, which hears of its end by a callback. */
function isOwnKind(statement: unknown): statement is { callback: Callback } {
  return typeof statement === 'object' && statement !== null && 'callback' in statement;
}
