/** Features of one text by their places in the vocabulary, with their values. */
export interface SparseRow {
  readonly ids: Int32Array;
  readonly values: Float32Array;
}
