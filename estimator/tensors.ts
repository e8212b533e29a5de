import { ShepherdError } from '../core/errors.ts';

/** Numbers of the protocol that are values of a series, little-endian and row-major as its binary tensor extension sends them. */
const READERS = {
  FP64: [8, (view, at) => view.getFloat64(at, true)],
  FP32: [4, (view, at) => view.getFloat32(at, true)],
  FP16: [2, (view, at) => readHalf(view.getUint16(at, true))],
  INT64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  INT32: [4, (view, at) => view.getInt32(at, true)],
  INT16: [2, (view, at) => view.getInt16(at, true)],
  INT8: [1, (view, at) => view.getInt8(at)],
  UINT64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  UINT32: [4, (view, at) => view.getUint32(at, true)],
  UINT16: [2, (view, at) => view.getUint16(at, true)],
  UINT8: [1, (view, at) => view.getUint8(at)],
} as const satisfies Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>>;

export type NumericDatatype = keyof typeof READERS;
export const NUMERIC_DATATYPES = Object.keys(READERS) as readonly NumericDatatype[]; // the keys of that record

export const isNumericDatatype = (name: string): name is NumericDatatype => Object.hasOwn(READERS, name);

/**
 * The values of a binary tensor.
 * @throws ShepherdError INVALID_INPUT where the bytes do not divide into values.
 */
export function readTensor(bytes: Uint8Array, datatype: NumericDatatype): number[] {
  const [size, read] = READERS[datatype];
  if (bytes.length % size !== 0) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `The binary tensor has ${bytes.length} bytes; ${datatype} has ${size} a value.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size));
}

/** Values as the bytes of an FP64 tensor. */
export function writeTensor(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 8);
  for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, i * 8);
  return bytes;
}

/** IEEE 754 binary16: one sign, five exponent and ten fraction bits. */
function readHalf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
