import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../service-error.ts';
import { push } from '../sync/push.ts';
import { pushEnvelopeSchema } from '../sync/receive.ts';
import { answerText } from '../sync/result-text.ts';
import { describeIssues } from './errors.ts';
import { checkSyncHeaders, pushDeps } from './router.ts';
import type { SignedIn } from './upload-route.ts';

/**
 * POST …/sync/push as the contract documents it. Not a procedure like the others for two reasons: its operations are checked one by one, and
 * its answer goes out as the text that was stored of each result.
 */
export function addPushRoute(app: FastifyInstance, path: string, signedIn: SignedIn): void {
  app.post(path, async (request, reply) => {
    request.procedure = 'sync.push';
    const { services, actor } = await signedIn(request);
    const schema = checkSyncHeaders({ headers: request.headers, actor });
    const envelope = pushEnvelopeSchema.safeParse(request.body);
    if (!envelope.success) throw new ServiceError('BAD_INPUT', describeIssues(envelope.error));
    const answer = await push(pushDeps(services), actor, envelope.data, schema);
    return reply.type('application/json').send(answerText(answer));
  });
}
