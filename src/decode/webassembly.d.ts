// The part of the WebAssembly JavaScript interface that is used here; without the DOM's types nobody declares it.
declare namespace WebAssembly {
  class Module {
    private readonly brand;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Global<Kind extends "i32" | "i64" | "f64"> {
    readonly value: Kind extends "i64" ? bigint : number;
  }
  interface Instance {
    readonly exports: object;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: Record<string, Record<string, unknown>>): Promise<Instance>;
}
