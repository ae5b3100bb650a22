import { z } from 'zod';
import { protocolHeaders } from './http.ts';
import { API_PREFIX, type ServerClient } from './server-client.ts';

/** The stream ends when nothing, not even a comment, arrived for this long: a half-open connection looks alive for ever. */
const SILENCE_MS = 90_000;

/**
 * Listens to the server's pokes ("something changed in this scope") until the stream ends.
 * @param onPoke called with the scope of every poke (null when it does not say); it carries no data that is applied, pull does that
 */
export async function listenForPokes(
  client: ServerClient,
  signal: AbortSignal,
  onPoke: (scope: string | null) => void,
): Promise<void> {
  const token = await client.accessToken();
  if (token.kind !== 'answer' || signal.aborted) return;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await (client.target.fetch ?? fetch)(`${client.target.baseUrl}${API_PREFIX}/sync/events`, {
      headers: { accept: 'text/event-stream', ...protocolHeaders(client.target, token.value) },
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
    if (response.status !== 200 || !isStream || !response.body) {
      await response.body?.cancel();
      return;
    }
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      if (rest.length > 10_000) return;
      const scopes = lines.filter((line) => line.startsWith('data:')).map(scopeOf);
      for (const scope of new Set(scopes)) onPoke(scope);
    }
  } catch {
    // Ended by the network, by silence or by us: the engine listens again after its next success, and polls meanwhile.
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

const pokeSchema = z.object({ scope: z.string() });

function scopeOf(line: string): string | null {
  try {
    return pokeSchema.parse(JSON.parse(line.slice('data:'.length))).scope;
  } catch {
    return null;
  }
}
