/** What the benchmark uses of PouchDB. */
export interface PouchDb {
  bulkDocs(docs: readonly object[]): Promise<unknown>;
  put(doc: object): Promise<unknown>;
  info(): Promise<{ readonly doc_count: number }>;
  query(view: string, options: object): Promise<{ readonly rows: readonly { readonly doc: unknown }[] }>;
  readonly replicate: {
    to(target: PouchDb, options: object): Promise<Replicated>;
    from(source: PouchDb, options: object): Promise<Replicated>;
  };
  close(): Promise<void>;
}

export interface Replicated {
  readonly ok: boolean;
  readonly docs_written: number;
}

export interface PouchDbConstructor {
  new (name: string): PouchDb;
  defaults(options: { readonly prefix: string }): PouchDbConstructor;
}
