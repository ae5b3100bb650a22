import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base } from './procedure.ts';
import { TOPICS } from './topics.ts';

export const topicSchema = z.enum(TOPICS);

export const changesContract = {
  /** Streams batches of topics whose data changed. */
  subscribe: base.output(eventIterator(z.object({ topics: z.array(topicSchema) }))),
};
