/** Writes the parts of Thrift's compact protocol that Parquet's headers need. */
export class ThriftWriter {
  private readonly written: number[] = [];
  private lastField = 0;

  i32(field: number, value: number): this {
    this.header(field, 5);
    this.varint(zigzag(value));
    return this;
  }

  i64(field: number, value: number): this {
    this.header(field, 6);
    this.varint(zigzag(value));
    return this;
  }

  boolean(field: number, value: boolean): this {
    this.header(field, value ? 1 : 2);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.header(field, 8);
    this.rawBytes(value);
    return this;
  }

  struct(field: number, write: (inner: ThriftWriter) => void): this {
    this.header(field, 12);
    this.rawStruct(write);
    return this;
  }

  i32List(field: number, values: readonly number[]): this {
    this.listHeader(field, 5, values.length);
    for (const value of values) this.varint(zigzag(value));
    return this;
  }

  textList(field: number, values: readonly string[]): this {
    this.listHeader(field, 8, values.length);
    for (const value of values) this.rawBytes(Buffer.from(value));
    return this;
  }

  structList<T>(field: number, values: readonly T[], write: (inner: ThriftWriter, value: T) => void): this {
    this.listHeader(field, 12, values.length);
    for (const value of values) this.rawStruct((inner) => write(inner, value));
    return this;
  }

  /** The struct's bytes, with its end. */
  end(): Uint8Array {
    return Uint8Array.from([...this.written, 0]);
  }

  private header(field: number, type: number): void {
    const step = field - this.lastField;
    this.lastField = field;
    this.written.push((step << 4) | type);
  }

  private listHeader(field: number, type: number, count: number): void {
    this.header(field, 9);
    if (count < 15) {
      this.written.push((count << 4) | type);
    } else {
      this.written.push(0xf0 | type);
      this.varint(count);
    }
  }

  private rawStruct(write: (inner: ThriftWriter) => void): void {
    const outer = this.lastField;
    this.lastField = 0;
    write(this);
    this.written.push(0);
    this.lastField = outer;
  }

  private rawBytes(value: Uint8Array): void {
    this.varint(value.length);
    for (const byte of value) this.written.push(byte);
  }

  /** Of a whole number below 2^53. */
  private varint(value: number): void {
    for (; value > 127; value = Math.floor(value / 128)) this.written.push((value % 128) | 128);
    this.written.push(value);
  }
}

/** Of a whole number within 2^52 of zero. */
function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}
