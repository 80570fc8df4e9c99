/**
 * What a dag-pb block of UnixFS says: kind, own bytes and links. Only what reading needs of the UnixFS protobuf
 * (specs.ipfs.tech/unixfs): field 1 the kind, field 2 inline bytes, field 3 the file's length.
 */
import { decode } from '@ipld/dag-pb'
import { varint } from 'multiformats'
import type { CID } from 'multiformats/cid'

type UnixfsKind = 'file' | 'folder' | 'sharded-folder' | 'other'

export interface UnixfsNode {
  readonly kind: UnixfsKind
  readonly inline: Uint8Array
  /** Bytes of the file, where it is one. */
  readonly fileBytes: number
  readonly links: readonly { readonly name: string; readonly cid: CID }[]
}

const KINDS: Readonly<Record<number, UnixfsKind>> = {
  0: 'file',
  1: 'folder',
  2: 'file',
  5: 'sharded-folder',
}

interface Field {
  readonly number: number
  readonly value: number
  readonly bytes: Uint8Array
}

function* fields(bytes: Uint8Array): Generator<Field> {
  const none = new Uint8Array(0)
  let at = 0
  const readVarint = (): number => {
    const [value, length] = varint.decode(bytes, at)
    at += length
    return value
  }
  while (at < bytes.length) {
    const key = readVarint()
    const wire = key & 7
    const number = key >>> 3
    if (wire === 0) yield { number, value: readVarint(), bytes: none }
    else if (wire === 2) {
      const length = readVarint()
      if (at + length > bytes.length) throw new RangeError('a field of the block runs past its end')
      yield { number, value: 0, bytes: bytes.subarray(at, at + length) }
      at += length
    } else if (wire === 1 || wire === 5) at += wire === 1 ? 8 : 4
    else throw new RangeError('a field of the block has an unknown wire type')
  }
}

/** Reads a dag-pb block. Throws RangeError or the decoder's error when it is not one. */
export function readUnixfsNode(block: Uint8Array): UnixfsNode {
  const node = decode(block)
  let kind: UnixfsKind = 'other'
  let inline: Uint8Array = new Uint8Array(0)
  let fileBytes = 0
  for (const field of fields(node.Data ?? new Uint8Array(0))) {
    if (field.number === 1) kind = KINDS[field.value] ?? 'other'
    if (field.number === 2) inline = field.bytes
    if (field.number === 3) fileBytes = field.value
  }
  return { kind, inline, fileBytes, links: node.Links.map((link) => ({ name: link.Name ?? '', cid: link.Hash })) }
}
