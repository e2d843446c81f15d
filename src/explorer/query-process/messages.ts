// What the server and its query processes tell each other.

/** What a query process is started with, as JSON in its first argument. */
export interface ProcessSetting {
  /** `lake` answers the page's own questions, `sql` what a person writes: that one is confined. */
  readonly answers: "lake" | "sql";
  /** Folder of the lake. */
  readonly lake: string;
  /** Whether a pull can be started. */
  readonly canPull: boolean;
  /** Folder for files that are exported, a folder each. */
  readonly exports: string;
  /** Most rows of an answer. */
  readonly rowLimit: number;
}

export type ToProcess =
  | { readonly kind: "ask"; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: "cancel"; readonly id: number };

export type FromProcess =
  | { readonly kind: "opened" }
  | { readonly kind: "failed"; readonly failure: Failure }
  /** `body` is JSON. */
  | { readonly kind: "answer"; readonly id: number; readonly status: number; readonly body: string };

/** An error of ours on its way to another process. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly wayOut: string;
}
