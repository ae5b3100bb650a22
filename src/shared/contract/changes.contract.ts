import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base } from './procedure.ts';

/** Topics of live queries: a procedure's answer is stale when one of its topics was announced. */
export const TOPICS = [
  'session',
  'drafts',
  'tickets',
  'citizens',
  'records',
  'outbox',
  'sync',
  'calls',
  'suggestions',
  'attachments',
] as const;

export const topicSchema = z.enum(TOPICS);
export type Topic = z.infer<typeof topicSchema>;

export const changesContract = {
  /** Streams batches of topics whose data changed. */
  subscribe: base.output(eventIterator(z.object({ topics: z.array(topicSchema) }))),
};
