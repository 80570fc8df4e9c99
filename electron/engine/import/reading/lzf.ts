/**
 * LZF (Lehmann, liblzf), the compression inside binary_compressed PCD files: literal runs of up to 32 bytes, and
 * references of 3 to 264 bytes up to 8 KiB back. Output and input are checked at every step.
 */

/** The most that LZF can expand: three bytes that stand for 264. */
export const LZF_MAX_RATIO = 88

/** @returns The decompressed bytes, or undefined when the data is damaged or does not give exactly `outputLength` bytes. */
export function decompressLzf(input: Uint8Array, outputLength: number): Uint8Array | undefined {
  const output = new Uint8Array(outputLength)
  let from = 0
  let to = 0
  while (from < input.length) {
    const control = input[from++]
    if (control < 32) {
      const length = control + 1
      if (from + length > input.length || to + length > outputLength) return undefined
      for (let i = 0; i < length; i++) output[to++] = input[from++]
      continue
    }
    let length = control >> 5
    if (length === 7) {
      if (from >= input.length) return undefined
      length += input[from++]
    }
    if (from >= input.length) return undefined
    let reference = to - ((control & 31) << 8) - input[from++] - 1
    length += 2
    if (reference < 0 || to + length > outputLength) return undefined
    for (let i = 0; i < length; i++) output[to++] = output[reference++]
  }
  return to === outputLength ? output : undefined
}
