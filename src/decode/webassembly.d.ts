// The part of the WebAssembly JavaScript interface that is used here; without the DOM's types nobody declares it.
declare namespace WebAssembly {
  class Module {
    private readonly brand;
    constructor(bytes: Uint8Array);
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(pages: { readonly initial: number; readonly maximum: number; readonly shared: boolean });
  }
  interface Global<Kind extends "i32" | "i64" | "f64"> {
    readonly value: Kind extends "i64" ? bigint : number;
  }
  class Instance {
    readonly exports: object;
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: Record<string, Record<string, unknown>>): Promise<Instance>;
}
