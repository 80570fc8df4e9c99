/** USD layers as text (`.usda`; openusd.org, USDA grammar): prims and their plain attributes. What geometry does not need is passed over. */
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { Damage } from '../reading/damage.ts'
import { newPrim, type UsdLayer, type UsdPrim, type UsdValue } from './usd-scene.ts'

const MAX_DEPTH = 256
/** Strings in three or one kind of quotes, references, words with namespaces, numbers, single signs; blanks and remarks between them. */
const TOKEN =
  /(?:\s+|#[^\n]*|\/\*[\s\S]*?\*\/)*(?:("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(@@@[\s\S]*?@@@|@[^@\n]*@)|(<[^>\n]*>)|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w:])|-?(?:inf|nan)\b)|([A-Za-z_][\w:.!]*)|([^\s]))/gy

interface Token {
  readonly kind: 'string' | 'asset' | 'path' | 'number' | 'word' | 'sign' | 'end'
  readonly text: string
}

class Tokens {
  readonly #text: string
  #next: Token

  constructor(text: string) {
    this.#text = text
    TOKEN.lastIndex = 0
    this.#next = this.#read(0)
  }

  #at = 0

  #read(from: number): Token {
    TOKEN.lastIndex = from
    const match = TOKEN.exec(this.#text)
    if (!match) {
      this.#at = this.#text.length
      return { kind: 'end', text: '' }
    }
    this.#at = TOKEN.lastIndex
    const [, string, asset, path, number, word, sign] = match
    if (string !== undefined) return { kind: 'string', text: string.replace(/^("""|'''|["'])([\s\S]*)\1$/, '$2') }
    if (asset !== undefined) return { kind: 'asset', text: asset }
    if (path !== undefined) return { kind: 'path', text: path }
    if (number !== undefined) return { kind: 'number', text: number }
    return word !== undefined ? { kind: 'word', text: word } : { kind: 'sign', text: sign }
  }

  get peek(): Token {
    return this.#next
  }

  take(): Token {
    const token = this.#next
    this.#next = this.#read(this.#at)
    return token
  }

  takeIf(text: string): boolean {
    if (this.#next.text !== text || this.#next.kind === 'string') return false
    this.take()
    return true
  }
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Passes over a bracketed group whose opening sign comes next. */
function skipGroup(tokens: Tokens): void {
  const open: string[] = []
  do {
    const { kind, text } = tokens.take()
    if (kind === 'end') throw new Damage(say('broken.usdWithinGroup'))
    if (kind !== 'sign') continue
    if (CLOSING[text]) open.push(CLOSING[text])
    else if (text === open.at(-1)) open.pop()
  } while (open.length > 0)
}

/** A value: numbers of all depths in a row, words of a list, or one word. */
function valueOf(tokens: Tokens): UsdValue {
  const numbers: number[] = []
  const words: string[] = []
  const isList = tokens.peek.text === '[' || tokens.peek.text === '('
  let depth = 0
  do {
    const { kind, text } = tokens.take()
    if (kind === 'end') throw new Damage(say('broken.usdWithinValue'))
    if (kind === 'number') numbers.push(Number(text.replace('inf', 'Infinity').replace('nan', 'NaN')))
    else if (kind === 'sign' && (text === '(' || text === '[')) depth++
    else if (kind === 'sign' && (text === ')' || text === ']')) depth--
    else if (kind === 'sign' && text === '{') throw new Damage(say('broken.usdDictionary'))
    else if (kind !== 'sign') words.push(text)
  } while (depth > 0)
  if (words.length === 0) return numbers
  return isList ? words : words[0]
}

function isGroup({ kind, text }: Token): boolean {
  return kind === 'sign' && (text === '(' || text === '{')
}

/** `@./chair.usda@</Chair>`, alone or in a list. */
function readReferences(tokens: Tokens, prim: UsdPrim): void {
  const isList = tokens.takeIf('[')
  do {
    const { kind, text } = tokens.peek
    if (kind === 'asset') {
      const layer = tokens.take().text.replace(/^@+|@+$/g, '')
      const target = tokens.peek.kind === 'path' ? tokens.take().text.slice(1, -1) : ''
      prim.references.push({ layer, prim: target })
    } else {
      // Within the same layer, or none at all.
      if (kind === 'path') prim.composed = true
      if (kind === 'end') throw new Damage(say('broken.usdWithinReferences'))
      if (isList && text === ']') break
      tokens.take()
    }
    if (tokens.peek.text === '(') skipGroup(tokens)
  } while (isList)
  if (isList) tokens.takeIf(']')
}

/** `(metersPerUnit = 1 …)` of a layer or a prim. */
function readMetadata(tokens: Tokens, prim: UsdPrim): void {
  if (!tokens.takeIf('(')) return
  while (!tokens.takeIf(')')) {
    const { kind, text } = tokens.take()
    if (kind === 'end') throw new Damage(say('broken.usdWithinMetadata'))
    if (['variantSets', 'inherits', 'specializes'].includes(text)) prim.composed = true
    if (!tokens.takeIf('=')) continue
    if (text === 'references' || text === 'payload') {
      readReferences(tokens, prim)
      continue
    }
    if (tokens.peek.text === '{' || tokens.peek.text === '[') skipGroup(tokens)
    else prim.attributes.set(text, valueOf(tokens))
  }
}

const SPECIFIERS = new Set(['def', 'over', 'class'])
const MODIFIERS = new Set(['uniform', 'varying', 'custom', 'prepend', 'append', 'add', 'delete', 'reorder', 'config'])

function readPrim(tokens: Tokens, parent: UsdPrim, depth: number): void {
  if (depth > MAX_DEPTH) throw new Damage(say('broken.usdDeep'))
  const specifier = tokens.take().text
  const type = tokens.peek.kind === 'word' ? tokens.take().text : ''
  const prim = newPrim(tokens.take().text, type)
  readMetadata(tokens, prim)
  if (!tokens.takeIf('{')) throw new Damage(say('broken.usdNoBody', { name: prim.name.slice(0, 40) }))
  // What is a class or only an addition to another layer is not geometry of its own.
  if (specifier === 'def') parent.children.push(prim)
  readBody(tokens, prim, depth)
}

function readBody(tokens: Tokens, prim: UsdPrim, depth: number): void {
  while (!tokens.takeIf('}')) {
    const { kind, text } = tokens.peek
    if (kind === 'end') throw new Damage(say('broken.usdPrimCutOff'))
    if (SPECIFIERS.has(text)) readPrim(tokens, prim, depth + 1)
    else if (text === 'variantSet') {
      prim.composed = true
      while (tokens.peek.text !== '{' && tokens.peek.kind !== 'end') tokens.take()
      skipGroup(tokens)
    } else readProperty(tokens, prim)
  }
}

/** `uniform token[] xformOpOrder = ["xformOp:transform"]`, with or without a value. */
function readProperty(tokens: Tokens, prim: UsdPrim): void {
  let name = tokens.take().text
  while (MODIFIERS.has(name)) name = tokens.take().text
  if (tokens.takeIf('[')) tokens.takeIf(']')
  if (tokens.peek.kind === 'word') name = tokens.take().text
  if (tokens.takeIf('=')) {
    if (name.endsWith('.timeSamples') || (isGroup(tokens.peek) && tokens.peek.text === '{')) skipGroup(tokens)
    else {
      const value = valueOf(tokens)
      // Quaternions are written w first.
      const isQuaternion = /^xformOp:orient\b/.test(name) && value.length === 4 && typeof value !== 'string'
      prim.attributes.set(name, isQuaternion ? [1, 2, 3, 0].map((slot) => Number(value[slot])) : value)
    }
  }
  if (tokens.peek.text === '(') skipGroup(tokens)
}

/** @returns The layer, or what is wrong with it. */
export function parseUsda(text: string): UsdLayer | Saying {
  const tokens = new Tokens(text)
  const root = newPrim('', '')
  try {
    readMetadata(tokens, root)
    while (tokens.peek.kind !== 'end') {
      if (SPECIFIERS.has(tokens.peek.text)) readPrim(tokens, root, 0)
      else tokens.take()
    }
  } catch (error) {
    if (error instanceof Damage) return error.said
    throw error
  }
  return { root }
}
