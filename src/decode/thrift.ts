/** Writes the parts of Thrift's compact protocol that Parquet's headers need. */
export class ThriftWriter {
  private readonly bytes: number[] = [];
  private lastField = 0;

  i32(field: number, value: number): this {
    this.header(field, 5);
    this.varint(zigzag(BigInt(value)));
    return this;
  }

  i64(field: number, value: number): this {
    this.header(field, 6);
    this.varint(zigzag(BigInt(value)));
    return this;
  }

  boolean(field: number, value: boolean): this {
    this.header(field, value ? 1 : 2);
    return this;
  }

  text(field: number, value: string): this {
    this.header(field, 8);
    this.rawText(value);
    return this;
  }

  struct(field: number, write: (inner: ThriftWriter) => void): this {
    this.header(field, 12);
    this.rawStruct(write);
    return this;
  }

  i32List(field: number, values: readonly number[]): this {
    this.listHeader(field, 5, values.length);
    for (const value of values) this.varint(zigzag(BigInt(value)));
    return this;
  }

  textList(field: number, values: readonly string[]): this {
    this.listHeader(field, 8, values.length);
    for (const value of values) this.rawText(value);
    return this;
  }

  structList<T>(field: number, values: readonly T[], write: (inner: ThriftWriter, value: T) => void): this {
    this.listHeader(field, 12, values.length);
    for (const value of values) this.rawStruct((inner) => write(inner, value));
    return this;
  }

  /** The struct's bytes, with its end. */
  end(): Uint8Array {
    return Uint8Array.from([...this.bytes, 0]);
  }

  private header(field: number, type: number): void {
    const step = field - this.lastField;
    this.lastField = field;
    this.bytes.push((step << 4) | type);
  }

  private listHeader(field: number, type: number, count: number): void {
    this.header(field, 9);
    if (count < 15) {
      this.bytes.push((count << 4) | type);
    } else {
      this.bytes.push(0xf0 | type);
      this.varint(BigInt(count));
    }
  }

  private rawStruct(write: (inner: ThriftWriter) => void): void {
    const outer = this.lastField;
    this.lastField = 0;
    write(this);
    this.bytes.push(0);
    this.lastField = outer;
  }

  private rawText(value: string): void {
    const bytes = Buffer.from(value);
    this.varint(BigInt(bytes.length));
    for (const byte of bytes) this.bytes.push(byte);
  }

  private varint(value: bigint): void {
    while (value > 127n) {
      this.bytes.push(Number(value & 127n) | 128);
      value >>= 7n;
    }
    this.bytes.push(Number(value));
  }
}

function zigzag(value: bigint): bigint {
  return value < 0n ? -value * 2n - 1n : value * 2n;
}
