/** Repeatable chance: everything in the sample follows from one seed. */
import { seededRandom } from '../../../shared/geometry/random.ts'

export const SEED = 20_417

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Normal, mean 0, deviation 1. */
  normal(): number
}

/** A generator of its own for every purpose, so that adding one thing does not change the others (mulberry32). */
export function randomFor(purpose: string): Random {
  let state = SEED >>> 0
  for (let i = 0; i < purpose.length; i++) state = Math.imul(state ^ purpose.charCodeAt(i), 0x01000193) >>> 0
  const { next } = seededRandom(state)
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

function lattice(ix: number, iy: number, salt: number): number {
  let h = Math.imul(ix, 374761393) ^ Math.imul(iy, 668265263) ^ Math.imul(salt + SEED, 0x27d4eb2d)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Smooth value noise in [0, 1], repeating every `period` cells in both directions. */
export function valueNoise(x: number, y: number, salt: number, period = 1 << 20): number {
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const fx = x - ix
  const fy = y - iy
  const sx = fx * fx * (3 - 2 * fx)
  const sy = fy * fy * (3 - 2 * fy)
  const wrap = (i: number): number => ((i % period) + period) % period
  const at = (dx: number, dy: number): number => lattice(wrap(ix + dx), wrap(iy + dy), salt)
  return (at(0, 0) * (1 - sx) + at(1, 0) * sx) * (1 - sy) + (at(0, 1) * (1 - sx) + at(1, 1) * sx) * sy
}
