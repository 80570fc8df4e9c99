import type { unreadKinds } from '../../../../shared/sayings/unread-kinds.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** What a file is that nothing here reads, and what helps. */
export const saidOfUnreadKinds: Translation<SayingsOf<typeof unreadKinds>> = {
  'said.unread.is': 'Das ist {what}.',
  'said.unread.rosbag1': 'eine Bag von ROS 1 in einer alten Version',
  'said.unread.vrs': 'eine VRS-Aufnahme',
  'said.unread.rerun': 'eine Rerun-Aufnahme',
  'said.unread.fbx': 'eine FBX-Datei',
  'said.unread.collada': 'eine COLLADA-Datei',
  'said.unread.blender': 'eine Blender-Datei',
  'said.unread.hdf5': 'eine HDF5-Datei',
  'said.unread.numpy': 'ein NumPy-Array',
  'said.unread.sqlite': 'eine Datenbank, die keine Aufnahme von ROS 2 ist',
  'said.unread.packets': 'mitgeschnittene Netzwerkpakete',
  'said.unread.pdf': 'ein PDF-Dokument',
  'said.unread.zip': 'ein ZIP-Archiv, das keine hier bekannte Erfassung ist',
  'said.unread.emptyZip': 'ein leeres ZIP-Archiv',
  'said.unread.sevenZip': 'ein 7z-Archiv',
  'said.unread.rar': 'ein RAR-Archiv',
  'said.unread.gzip': 'eine mit gzip gepackte Datei',
  'said.unread.zstandard': 'eine mit Zstandard gepackte Datei',
  'said.unread.bzip2': 'eine mit bzip2 gepackte Datei',
  'said.unread.tar': 'ein tar-Archiv',
  'said.unread.webvtt': 'Untertitel (WebVTT)',
  'said.unread.subrip': 'Untertitel (SubRip)',
  'said.unread.substation': 'Untertitel (SubStation Alpha)',
  'said.unread.fix.rosbag1': 'Wandeln Sie sie um: rosbag fix oder rosbag reindex.',
  'said.unread.fix.vrs':
    'Bringen Sie den Ordner ihrer MPS-Ergebnisse, oder holen Sie ihre Teile mit vrs extract-all heraus.',
  'said.unread.fix.clouds': 'Exportieren Sie ihre Punktwolken und Netze als PLY oder glTF.',
  'said.unread.fix.gltfUsdBvh': 'Exportieren Sie sie als glTF, USD oder BVH.',
  'said.unread.fix.gltf': 'Exportieren Sie sie als glTF.',
  'said.unread.fix.tables': 'Exportieren Sie ihre Tabellen als CSV.',
  'said.unread.fix.numpy': 'Speichern Sie es als CSV mit einer Zeile von Namen oder als PLY.',
  'said.unread.fix.packets': 'Exportieren Sie die Punktwolken als LAS, PCD oder PLY.',
  'said.unread.fix.unpack': 'Entpacken Sie das, und bringen Sie, was darin ist.',
  'said.unread.barePictures': 'ein bloßer Strom von Bildern in H.264 oder H.265, der keine Zeiten nennt',
  'said.unread.fix.barePictures':
    'Machen Sie einen Film mit der Bildrate der Aufnahme daraus: ffmpeg -r 30 -i DATEI -c copy DATEI.mp4.',
  'said.unread.fix.substation': 'Speichern Sie sie als SubRip (.srt) oder WebVTT (.vtt).',
  'said.unread.fix.captions': 'Bringen Sie die Aufnahme, zu der sie gehören.',
}
