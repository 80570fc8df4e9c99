/** Kinds of files that are known by their first bytes and not read, so that a refusal says what a file is and what helps. */
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import type { ImportSource } from './importer.ts'
import { textOfBytes } from './reading/text-encoding.ts'
import { asciiText } from './reading/text-lines.ts'

export interface UnreadKind {
  /** In a sentence: `a bag of ROS 1 in version 1.2`. */
  readonly what: Saying
  readonly fix?: Saying
}

const UNPACK = say('unread.fix.unpack')

type Test = (head: Uint8Array, source: ImportSource) => boolean

const starts =
  (bytes: string, at = 0): Test =>
  (head) =>
    asciiText(head, at, at + bytes.length) === bytes
const reads =
  (pattern: RegExp): Test =>
  (head) =>
    pattern.test(textOfBytes(head.subarray(0, 2048)))

/** Annex B, where the sets of parameters come first: of H.264 a sequence set, or a delimiter before it; of H.265 a video set. */
const beginsWithParameters: Test = (head) => {
  const at = head[0] === 0 && head[1] === 0 ? (head[2] === 1 ? 3 : head[2] === 0 && head[3] === 1 ? 4 : 0) : 0
  if (at === 0) return false
  const [first = 0, second] = head.subarray(at)
  return (
    (first & 0x9f) === 0x07 || first === 0x09 || (first === 0x40 && second === 1) || (first === 0x46 && second === 1)
  )
}

const KINDS: readonly (readonly [Test, UnreadKind])[] = [
  [starts('#ROSBAG V1'), { what: say('unread.rosbag1'), fix: say('unread.fix.rosbag1') }],
  [
    starts('VisionRe'),
    {
      what: say('unread.vrs'),
      fix: say('unread.fix.vrs'),
    },
  ],
  [starts('RRF'), { what: say('unread.rerun'), fix: say('unread.fix.clouds') }],
  [beginsWithParameters, { what: say('unread.barePictures'), fix: say('unread.fix.barePictures') }],
  [starts('Kaydara FBX Binary'), { what: say('unread.fbx'), fix: say('unread.fix.gltfUsdBvh') }],
  [reads(/<COLLADA\b/), { what: say('unread.collada'), fix: say('unread.fix.gltf') }],
  [starts('BLENDER'), { what: say('unread.blender'), fix: say('unread.fix.gltf') }],
  [starts('\x89HDF\r\n'), { what: say('unread.hdf5'), fix: say('unread.fix.tables') }],
  [starts('\x93NUMPY'), { what: say('unread.numpy'), fix: say('unread.fix.numpy') }],
  [starts('SQLite format 3'), { what: say('unread.sqlite') }],
  [starts('\xd4\xc3\xb2\xa1'), { what: say('unread.packets'), fix: say('unread.fix.packets') }],
  [starts('\x0a\x0d\x0d\x0a'), { what: say('unread.packets'), fix: say('unread.fix.packets') }],
  [starts('%PDF'), { what: say('unread.pdf') }],
  [starts('PK\x03\x04'), { what: say('unread.zip'), fix: UNPACK }],
  [starts('PK\x05\x06'), { what: say('unread.emptyZip') }],
  [starts('7z\xbc\xaf'), { what: say('unread.sevenZip'), fix: UNPACK }],
  [starts('Rar!'), { what: say('unread.rar'), fix: UNPACK }],
  [starts('\x1f\x8b'), { what: say('unread.gzip'), fix: UNPACK }],
  [starts('\x28\xb5\x2f\xfd'), { what: say('unread.zstandard'), fix: UNPACK }],
  [starts('BZh'), { what: say('unread.bzip2'), fix: UNPACK }],
  [starts('ustar', 257), { what: say('unread.tar'), fix: UNPACK }],
  [reads(/^WEBVTT/), { what: say('unread.webvtt'), fix: say('unread.fix.captions') }],
  [reads(/^\s*\d+\s+\d\d:\d\d:\d\d,\d{3} --> /), { what: say('unread.subrip'), fix: say('unread.fix.captions') }],
  [reads(/^\[Script Info\]/), { what: say('unread.substation'), fix: say('unread.fix.substation') }],
]

/** What a file is that no importer reads; undefined where that is not known either. */
export function unreadKind(source: ImportSource): UnreadKind | undefined {
  if (source.isDirectory) return undefined
  return KINDS.find(([test]) => test(source.head, source))?.[1]
}
