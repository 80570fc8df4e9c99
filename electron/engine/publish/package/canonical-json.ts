/**
 * JSON with one form for one value. `canonicalJson` follows RFC 8785 (JSON Canonicalization Scheme): members sorted by
 * UTF-16 code units, no white space, numbers as ECMAScript writes them. `readableJson` is the same, indented.
 */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

function sorted(value: Json | undefined): Json | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new AsterismError('internal', 'A number that is not finite cannot be written as JSON.')
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new AsterismError('bad_input', say('package.halfCharacter'), { fix: say('package.fix.halfCharacter') })
  }
  if (value === null || typeof value !== 'object') return value
  if (isArray(value)) return value.map((item) => sorted(item) ?? null)
  const result: Record<string, Json | undefined> = {}
  for (const key of Object.keys(value).sort()) {
    const member = sorted(value[key])
    // A plain assignment to __proto__ would set the prototype and lose the member.
    if (member !== undefined) {
      Object.defineProperty(result, key, { value: member, enumerable: true, configurable: true, writable: true })
    }
  }
  return result
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** The value in canonical form, without a line end: what gets hashed and signed. */
export function canonicalJson(value: Json): string {
  return stringifySorted(sorted(value) ?? null, '', false)
}

/** The value with sorted members, two spaces of indent and a line end: what people read. */
export function readableJson(value: Json): string {
  return `${stringifySorted(sorted(value) ?? null, '', true)}\n`
}

/** JSON.stringify puts members with whole-number names first, whatever their order; this does not. */
function stringifySorted(value: Json, indent: string, readable: boolean): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const inner = readable ? `${indent}  ` : ''
  const [open, join, close] = readable ? [`\n${inner}`, `,\n${inner}`, `\n${indent}`] : ['', ',', '']
  if (isArray(value)) {
    if (value.length === 0) return '[]'
    return `[${open}${value.map((item) => stringifySorted(item, inner, readable)).join(join)}${close}]`
  }
  const keys = Object.keys(value).sort()
  if (keys.length === 0) return '{}'
  const members = keys.map(
    (key) => `${JSON.stringify(key)}:${readable ? ' ' : ''}${stringifySorted(value[key] ?? null, inner, readable)}`,
  )
  return `{${open}${members.join(join)}${close}}`
}
