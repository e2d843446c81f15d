/** Options of the commands that analyse; those that are named as in the library mean the same. */
export interface AnalyseOptions {
  readonly weekStart?: string;
  readonly quarterStart?: number;
  /** `raw`, `estimated` or a file of merges. */
  readonly identity?: string;
  readonly inactive?: readonly string[];
  /** `country is Germany` */
  readonly filter?: readonly string[];
  readonly cohort?: readonly string[];
  readonly inactiveFrom?: string;
  /** `Germany=country is Germany` */
  readonly segment?: readonly string[];
  readonly explain?: boolean;
  /** The file to which the definition is written. */
  readonly save?: string;
  readonly groupBy?: readonly string[];
  readonly interval?: string;
  readonly measure?: string | object;
  readonly formula?: string;
  readonly rolling?: number;
  readonly compare?: number;
  /** `this`, `any` or `exact`. */
  readonly order?: string;
  readonly window?: string;
  readonly resolution?: string;
  readonly count?: string;
  readonly holdConstant?: string;
  /** `Refund`, or `1-2:Refund`. */
  readonly exclude?: readonly string[];
  readonly start?: string;
  readonly return?: string;
  readonly method?: string;
  readonly brackets?: readonly (readonly [number, number])[];
  readonly mode?: string;
  readonly intervals?: number;
  readonly history?: string;
  readonly dauWauMau?: boolean;
  readonly lengths?: boolean;
  readonly lengthFrom?: string;
  readonly bins?: readonly number[];
  readonly values?: string;
  readonly top?: number;
  readonly usageInterval?: boolean;
  readonly buckets?: readonly (readonly [number, number | null])[];
  readonly event?: string;
  readonly property?: string;
  readonly direction?: string;
  readonly steps?: number;
  readonly collapse?: boolean;
  readonly hide?: readonly string[];
  readonly only?: readonly string[];
}
