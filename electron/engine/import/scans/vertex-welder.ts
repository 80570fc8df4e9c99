/** Joins corners of separate triangles that have the very same coordinates, as STL needs. */

const EMPTY = -1

/** Open addressing over the bit patterns of the coordinates; negative zero equals zero. */
export class VertexWelder {
  #slots = new Int32Array(1 << 12).fill(EMPTY)
  #keys = new Int32Array(3 << 11)
  readonly #floats = new Float32Array(3)
  readonly #bits = new Int32Array(this.#floats.buffer)
  count = 0

  /** The index of the vertex; equal to the former `count` when it is new. */
  indexOf(x: number, y: number, z: number): number {
    this.#floats[0] = x + 0
    this.#floats[1] = y + 0
    this.#floats[2] = z + 0
    const [a, b, c] = this.#bits
    let slot = this.#hash(a, b, c)
    for (let index = this.#slots[slot]; index !== EMPTY; index = this.#slots[slot]) {
      const key = 3 * index
      if (this.#keys[key] === a && this.#keys[key + 1] === b && this.#keys[key + 2] === c) return index
      slot = (slot + 1) & (this.#slots.length - 1)
    }
    const index = this.count++
    this.#slots[slot] = index
    if (3 * this.count > this.#keys.length) this.#growKeys()
    this.#keys[3 * index] = a
    this.#keys[3 * index + 1] = b
    this.#keys[3 * index + 2] = c
    if (this.count * 2 > this.#slots.length) this.#growSlots()
    return index
  }

  #hash(a: number, b: number, c: number): number {
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    hash ^= hash >>> 13
    return hash & (this.#slots.length - 1)
  }

  #growKeys(): void {
    const keys = new Int32Array(this.#keys.length * 2)
    keys.set(this.#keys)
    this.#keys = keys
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(EMPTY)
    for (let index = 0; index < this.count; index++) {
      let slot = this.#hash(this.#keys[3 * index], this.#keys[3 * index + 1], this.#keys[3 * index + 2])
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & (this.#slots.length - 1)
      this.#slots[slot] = index
    }
  }
}
