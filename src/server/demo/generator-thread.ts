/** A thread that generates the past of a demo centre, a part at a time, as far ahead as its reader allows. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type CentreMessage, type CentreOrder, encodePart } from './centre-source.ts';
import { generateDemoCentre } from './generate.ts';
import { inParts, skip } from './parts.ts';

await generate(forceUnwrap('this runs as a thread', parentPort), workerData as CentreOrder);

async function generate(port: MessagePort, order: CentreOrder): Promise<void> {
  const { seed, now, options, done, part, ahead } = order;
  const post = (message: CentreMessage) => port.postMessage(message);
  let room = ahead;
  let wake = () => {};
  port.on('message', () => {
    room++;
    wake();
  });
  const waitForRoom = async () => {
    while (room === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    room--;
  };
  const centre = generateDemoCentre(seed, now, options);
  post({ kind: 'records', records: centre.records });
  for (const rows of inParts(skip(centre.citizens(), done.citizens), part)) {
    await waitForRoom();
    post({ kind: 'citizens', rows });
  }
  for (const rows of inParts(skip(centre.tickets(), done.tickets), part)) {
    await waitForRoom();
    const message = encodePart(rows, now);
    const { lines, ends, events } = message.tickets;
    port.postMessage(message, [lines.buffer, ends.buffer, events.buffer] as ArrayBuffer[]);
  }
  post({ kind: 'end' });
  port.close();
}
