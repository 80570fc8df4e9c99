/** Kinds of files that are known by their first bytes and not read, so that a refusal says what a file is and what helps. */
import type { ImportSource } from './importer.ts'
import { textOfBytes } from './reading/text-encoding.ts'
import { asciiText } from './reading/text-lines.ts'

export interface UnreadKind {
  /** In a sentence: `a bag of ROS 1 in version 1.2`. */
  readonly what: string
  readonly fix?: string
}

const UNPACK = 'Unpack it and bring what is in it.'

type Test = (head: Uint8Array, source: ImportSource) => boolean

const starts =
  (bytes: string, at = 0): Test =>
  (head) =>
    asciiText(head, at, at + bytes.length) === bytes
const reads =
  (pattern: RegExp): Test =>
  (head) =>
    pattern.test(textOfBytes(head.subarray(0, 2048)))

const KINDS: readonly (readonly [Test, UnreadKind])[] = [
  [
    starts('#ROSBAG V1'),
    { what: 'a bag of ROS 1 in an old version', fix: 'Convert it: rosbag fix, or rosbag reindex.' },
  ],
  [
    starts('VisionRe'),
    {
      what: 'a VRS recording',
      fix: 'Bring the folder of its MPS results, or take its parts out with vrs extract-all.',
    },
  ],
  [starts('RRF'), { what: 'a Rerun recording', fix: 'Export its point clouds and meshes as PLY or glTF.' }],
  [starts('Kaydara FBX Binary'), { what: 'an FBX file', fix: 'Export it as glTF, USD or BVH.' }],
  [reads(/<COLLADA\b/), { what: 'a COLLADA file', fix: 'Export it as glTF.' }],
  [starts('BLENDER'), { what: 'a Blender file', fix: 'Export it as glTF.' }],
  [starts('ULog\x01\x12\x35'), { what: 'a ULog of PX4', fix: 'Convert it to CSV: ulog2csv.' }],
  [starts('\x89HDF\r\n'), { what: 'an HDF5 file', fix: 'Export its tables as CSV.' }],
  [starts('\x93NUMPY'), { what: 'a NumPy array', fix: 'Save it as CSV with a line of names, or as PLY.' }],
  [starts('SQLite format 3'), { what: 'a database that is no recording of ROS 2' }],
  [
    starts('\xd4\xc3\xb2\xa1'),
    { what: 'captured network packets', fix: 'Export the point clouds as LAS, PCD or PLY.' },
  ],
  [
    starts('\x0a\x0d\x0d\x0a'),
    { what: 'captured network packets', fix: 'Export the point clouds as LAS, PCD or PLY.' },
  ],
  [starts('%PDF'), { what: 'a PDF document' }],
  [starts('PK\x03\x04'), { what: 'a ZIP archive that is no capture known here', fix: UNPACK }],
  [starts('PK\x05\x06'), { what: 'an empty ZIP archive' }],
  [starts('7z\xbc\xaf'), { what: 'a 7z archive', fix: UNPACK }],
  [starts('Rar!'), { what: 'a RAR archive', fix: UNPACK }],
  [starts('\x1f\x8b'), { what: 'a file packed with gzip', fix: UNPACK }],
  [starts('\x28\xb5\x2f\xfd'), { what: 'a file packed with Zstandard', fix: UNPACK }],
  [starts('BZh'), { what: 'a file packed with bzip2', fix: UNPACK }],
  [starts('ustar', 257), { what: 'a tar archive', fix: UNPACK }],
  [reads(/^WEBVTT/), { what: 'captions (WebVTT)', fix: 'Bring the recording they belong to.' }],
  [
    reads(/^\s*\d+\s+\d\d:\d\d:\d\d,\d{3} --> /),
    { what: 'captions (SubRip)', fix: 'Bring the recording they belong to.' },
  ],
  [reads(/^\[Script Info\]/), { what: 'captions (SubStation Alpha)', fix: 'Bring the recording they belong to.' }],
]

/** What a file is that no importer reads; undefined where that is not known either. */
export function unreadKind(source: ImportSource): UnreadKind | undefined {
  if (source.isDirectory) return undefined
  return KINDS.find(([test]) => test(source.head, source))?.[1]
}
