/**
 * WORLD.json: a lab's view of the market. Embeddings and labels of a reference corpus, of a probe set, and of the bundles
 * that are to be valued. Everything is checked before anything is computed.
 */
import { AsterismError } from '../../errors.ts'
import type { Matrix } from '../algebra/dense.ts'
import { zeros } from '../algebra/dense.ts'
import { orderRows } from './row-order.ts'

export interface LabelledSet {
  /** n x d. */
  readonly x: Matrix
  /** 0 .. classes - 1. */
  readonly y: Int32Array
}

interface WorldBundle extends LabelledSet {
  readonly id: string
}

export interface World {
  readonly name: string
  readonly classes: number
  readonly dimension: number
  /** What the lab's model was trained on, or a sample of it. */
  readonly reference: LabelledSet
  /** What it is judged by; never for sale. */
  readonly probe: LabelledSet
  readonly bundles: readonly WorldBundle[]
  /** Ids were given as numbers. */
  readonly isNumbered?: boolean
}

/** Rows whose truth is a vector instead of a class: what the paired sense says (the words of a picture, say). */
export interface PairedSet {
  /** n x d. */
  readonly x: Matrix
  /** n x q. */
  readonly y: Matrix
}

/** A world without classes: the paired vectors are what a model learns to say. */
export interface PairedWorld {
  readonly name: string
  readonly dimension: number
  readonly targetDimension: number
  readonly reference: PairedSet
  readonly probe: PairedSet
  readonly bundles: readonly (PairedSet & { readonly id: string })[]
  readonly isNumbered?: boolean
}

/** Every kind of world; `isPaired` tells them apart. */
export type AnyWorld = World | PairedWorld

/** True of worlds whose targets are vectors. */
export function isPaired(world: AnyWorld): world is PairedWorld {
  return 'targetDimension' in world
}

/** The largest world that is taken: beyond it memory and time are no longer bounded by what a desk machine has. */
const WORLD_LIMITS = {
  classes: 1000,
  dimension: 4096,
  rows: 200_000,
  numbers: 60_000_000,
  bundles: 5000,
} as const

export const LARGEST_MAGNITUDE = 1e6

function refuse(what: string, fix?: string): never {
  throw new AsterismError('bad_input', what, fix === undefined ? {} : { fix })
}

const capital = (where: string): string => where.charAt(0).toUpperCase() + where.slice(1)

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isList(value)
}

/** A list of numbers as JSON gives it, or as a row that a reader of large files put aside. */
function isList(value: unknown): value is readonly unknown[] | Float64Array {
  return Array.isArray(value) || value instanceof Float64Array
}

/** What stands where something else should, as a person would write it: JSON knows neither of NaN nor of rows put aside. */
function told(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (isList(value)) return 'a list'
  return isRecord(value) ? 'an object' : (JSON.stringify(value) ?? 'missing')
}

function parseLabels(value: unknown, count: number, classes: number, where: string): Int32Array {
  if (!isList(value)) refuse(`${capital(where)} has no list y of labels.`)
  if (value.length !== count) refuse(`${capital(where)} has ${count} rows x but ${value.length} labels y.`)
  const labels = new Int32Array(count)
  Array.prototype.forEach.call(value, (label: unknown, index: number) => {
    if (typeof label !== 'number' || !Number.isInteger(label) || label < 0 || label >= classes) {
      refuse(`Label ${index} of ${where} is ${told(label)}, not a whole number from 0 to ${classes - 1}.`)
    }
    labels[index] = label
  })
  return labels
}

/** Rows that lie one behind another in one memory, as a reader of large files puts them: a matrix already, not to be copied. */
function inOneMemory(rows: readonly unknown[], dimension: number): Float64Array | null {
  const [first] = rows
  if (!(first instanceof Float64Array)) return null
  const isNext = (row: unknown, at: number): boolean =>
    row instanceof Float64Array &&
    row.buffer === first.buffer &&
    row.length === dimension &&
    row.byteOffset === first.byteOffset + at * first.byteLength
  return rows.every(isNext) ? new Float64Array(first.buffer, first.byteOffset, rows.length * dimension) : null
}

/** Rows of numbers under the given member, `x` or `y`. */
function parseRows(value: unknown, dimension: number, where: string, member = 'x'): Matrix {
  if (!Array.isArray(value)) refuse(`${capital(where)} has no list ${member} of rows.`)
  if (value.length === 0) refuse(`${capital(where)} is empty.`, 'It must hold at least one row.')
  const data = inOneMemory(value, dimension)
  const rows = data ? { rows: value.length, columns: dimension, data } : zeros(value.length, dimension)
  value.forEach((row: unknown, index) => {
    const name = member === 'x' ? `ow ${index}` : `ow ${index} of ${member}`
    if (!isList(row)) refuse(`R${name} of ${where} is not a list of numbers.`)
    if (row.length !== dimension) refuse(`R${name} of ${where} has ${row.length} numbers, not ${dimension}.`)
    for (let j = 0; j < dimension; j++) {
      const number: unknown = row[j]
      if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) > LARGEST_MAGNITUDE) {
        refuse(`Number ${j} in r${name} of ${where} is ${told(number)}, not a number within ±1e6.`)
      }
      rows.data[index * dimension + j] = number
    }
  })
  return rows
}

function parseSet(value: unknown, dimension: number, classes: number, where: string): LabelledSet {
  if (!isRecord(value)) refuse(`${capital(where)} is missing.`, 'It must hold {x, y}.')
  const x = parseRows(value.x, dimension, where)
  return { x, y: parseLabels(value.y, x.rows, classes, where) }
}

function parsePairs(value: unknown, dimension: number, targetDimension: number, where: string): PairedSet {
  if (!isRecord(value)) refuse(`${capital(where)} is missing.`, 'It must hold {x, y}.')
  const x = parseRows(value.x, dimension, where)
  const y = parseRows(value.y, targetDimension, where, 'y')
  if (y.rows !== x.rows) refuse(`${capital(where)} has ${x.rows} rows x but ${y.rows} rows y.`)
  return { x, y }
}

function firstRow(set: unknown, member: 'x' | 'y'): unknown {
  const rows: unknown = isRecord(set) ? set[member] : undefined
  return Array.isArray(rows) ? rows[0] : undefined
}

/** The width of the first row there is. */
function dimensionOf(reference: unknown): number {
  const first = firstRow(reference, 'x')
  if (!isList(first) || first.length === 0)
    refuse('The reference holds no rows.', 'It must hold {x, y} with at least one row.')
  if (first.length > WORLD_LIMITS.dimension) {
    throw new AsterismError('too_large', `Rows have ${first.length} numbers; ${WORLD_LIMITS.dimension} is the limit.`)
  }
  return first.length
}

/** Rows and numbers in all, before any is copied. */
function checkSize(sets: readonly unknown[], dimension: number): void {
  let rows = 0
  for (const set of sets) rows += isRecord(set) && Array.isArray(set.x) ? set.x.length : 0
  if (rows > WORLD_LIMITS.rows || rows * dimension > WORLD_LIMITS.numbers) {
    throw new AsterismError(
      'too_large',
      `The world has ${rows} rows of ${dimension} numbers, more than can be valued.`,
      {
        fix: `At most ${WORLD_LIMITS.rows} rows and ${WORLD_LIMITS.numbers} numbers are taken: value it in parts.`,
      },
    )
  }
}

function parseClasses(classes: unknown): number {
  if (classes === undefined)
    refuse('`classes` is missing.', 'It says how many there are; rows of numbers as y need none.')
  if (typeof classes !== 'number' || !Number.isInteger(classes))
    refuse(`\`classes\` is ${told(classes)}, not a whole number.`)
  if (classes < 2)
    refuse(
      `A world of ${classes} class${classes === 1 ? '' : 'es'} cannot tell good labels from bad.`,
      'At least two are needed, or rows of numbers as y.',
    )
  if (classes > WORLD_LIMITS.classes)
    throw new AsterismError('too_large', `${classes} classes are more than ${WORLD_LIMITS.classes}.`)
  return classes
}

function parseBundles<T>(
  bundles: readonly unknown[],
  parse: (value: unknown, where: string) => T,
): (T & { id: string })[] {
  const seen = new Set<string>()
  return bundles.map((bundle, index) => {
    if (!isRecord(bundle)) refuse(`Bundle ${index} is not an object {id, x, y}.`)
    const given = bundle.id
    if (given === undefined || given === '') refuse(`Bundle ${index} has no id.`)
    if (typeof given !== 'string' && !Number.isSafeInteger(given))
      refuse(`The id of bundle ${index} is ${told(given)}, neither text nor a whole number.`)
    const id = String(given)
    if (seen.has(id)) refuse(`Two bundles have the id ${JSON.stringify(given)}.`)
    seen.add(id)
    return { id, ...parse(bundle, `bundle ${JSON.stringify(id)}`) }
  })
}

/** Whether ids are numbers, which the answer then gives back as numbers. */
function areNumbered(bundles: readonly unknown[]): boolean {
  const numbers = bundles.filter((bundle) => isRecord(bundle) && typeof bundle.id === 'number').length
  if (numbers > 0 && numbers < bundles.length)
    refuse('Some ids of the bundles are numbers and some are not.', 'Write all of them as text, or all as numbers.')
  return numbers > 0
}

/** Where every row that judges is the same row, no model can say anything of one that it does not say of all. */
function refuseOneRow({ x }: { readonly x: Matrix }): void {
  if (x.data.every((number, at) => number === x.data[at % x.columns]))
    refuse('All rows of the probe are one and the same, so that nothing can be told apart by them.')
}

/**
 * Checks a parsed WORLD.json. Where y holds classes, `classes` says how many there are; where y holds rows of numbers, they
 * are the paired vectors that a model learns to say, and `classes` is not looked at. Rows come in an order of their own.
 *
 * @throws AsterismError `bad_input` with the place and the reason (wrong shapes, numbers that are not finite, empty sets,
 *   labels outside 0 .. classes - 1, a probe of one class, ids that repeat) or `too_large`.
 */
export function parseWorld(value: unknown): AnyWorld {
  const world = checkedWorld(value)
  orderRows(world)
  return world
}

function checkedWorld(value: unknown): AnyWorld {
  if (!isRecord(value))
    refuse('The world is not a JSON object.', 'It must be {name, classes, reference, probe, bundles}.')
  const { name, bundles } = value
  if (name !== undefined && typeof name !== 'string') refuse('The name of the world is not text.')
  const target = firstRow(value.probe, 'y')
  const classes = isList(target) ? null : parseClasses(value.classes)
  if (!Array.isArray(bundles)) refuse('The world has no list of bundles.')
  if (bundles.length === 0) refuse('The world has no bundle to value.')
  if (bundles.length > WORLD_LIMITS.bundles) {
    throw new AsterismError('too_large', `${bundles.length} bundles are more than ${WORLD_LIMITS.bundles}.`)
  }
  const dimension = dimensionOf(value.reference)
  const targetDimension = isList(target) ? target.length : 0
  if (targetDimension > WORLD_LIMITS.dimension) {
    throw new AsterismError(
      'too_large',
      `Rows y have ${targetDimension} numbers; ${WORLD_LIMITS.dimension} is the limit.`,
    )
  }
  checkSize([value.reference, value.probe, ...bundles], dimension + targetDimension)
  if (classes === null) {
    if (targetDimension < 2) refuse('Rows y of one number have no direction that could be learned.')
    const parse = (set: unknown, where: string): PairedSet => parsePairs(set, dimension, targetDimension, where)
    const reference = parse(value.reference, 'the reference')
    const probe = parse(value.probe, 'the probe')
    if (probe.y.data.every((number) => number === 0))
      refuse('The rows y of the probe are all zero: nothing is meant by them.')
    const valued = parseBundles(bundles, parse)
    refuseOneRow(probe)
    return {
      name: name ?? '',
      dimension,
      targetDimension,
      reference,
      probe,
      bundles: valued,
      isNumbered: areNumbered(bundles),
    }
  }
  const parse = (set: unknown, where: string): LabelledSet => parseSet(set, dimension, classes, where)
  const reference = parse(value.reference, 'the reference')
  const probe = parse(value.probe, 'the probe')
  if (new Set(probe.y).size < 2) refuse('The probe holds one class only, so that nothing can be told apart on it.')
  const valued = parseBundles(bundles, parse)
  refuseOneRow(probe)
  return { name: name ?? '', classes, dimension, reference, probe, bundles: valued, isNumbered: areNumbered(bundles) }
}
