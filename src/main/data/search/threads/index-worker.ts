import { parentPort, workerData } from 'node:worker_threads';
import { answerRequests } from '../../asked-worker.ts';
import { DataError, toDataError } from '../../errors.ts';
import { type IndexFailure, type IndexRequest, indexSetupSchema } from './index-messages.ts';

const port = parentPort;
if (!port) throw new Error('not started as a thread');
const setup = indexSetupSchema.parse(workerData);
const isClose = ({ kind }: IndexRequest) => kind === 'close';

/** An error is the answer to what was asked, not the end of the thread. */
function failureOf(error: unknown): IndexFailure {
  const known = toDataError(error);
  const code = known instanceof DataError ? known.code : 'INTERNAL';
  return { kind: 'failed', code, detail: known instanceof Error ? known.message : 'rows cannot be indexed' };
}

// Each side is loaded by its own thread alone.
if (setup.role === 'writes') {
  const { RowWriter } = await import('./row-writer.ts');
  const writer = new RowWriter(setup, import.meta.filename);
  answerRequests(port, (request: IndexRequest) => writer.answer(request).catch(failureOf), isClose);
} else {
  const { RowPreparer } = await import('./row-preparer.ts');
  const preparer = new RowPreparer(setup);
  answerRequests(
    port,
    (request: IndexRequest) => {
      try {
        return preparer.answer(request);
      } catch (error) {
        return failureOf(error);
      }
    },
    isClose,
  );
}
