/** Topics of live queries: a procedure's answer is stale when one of its topics was announced. Without a schema: windows read this list. */
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
  'board',
  'reminders',
] as const;
export type Topic = (typeof TOPICS)[number];
