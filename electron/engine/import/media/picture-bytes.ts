/** What is read of a picture's header, and the bytes it is read from. */
import type { FileHandle } from 'node:fs/promises'

/** No header and no block of metadata is read beyond this. */
export const MAX_METADATA_BYTES = 4 << 20

export interface PictureHeader {
  readonly width: number
  readonly height: number
  readonly isAnimated: boolean
  /** The TIFF structure of Exif, where there is one. */
  readonly exif: Uint8Array | null
  /** XMP names a place. */
  readonly xmpHasLocation: boolean
  /** False when the file stops before its own end mark. */
  readonly isComplete: boolean
  /** Clockwise, where the container and not Exif says it. */
  readonly rotationDegrees?: number
}

/** Bytes of a file as a view; shorter than asked at its end. */
export async function viewAt(file: FileHandle, position: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, MAX_METADATA_BYTES)))
  const { bytesRead } = await file.read(bytes, 0, bytes.length, position)
  return new DataView(bytes.buffer, 0, bytesRead)
}

export function textOf(view: DataView, at: number, length: number): string {
  const end = Math.min(view.byteLength, at + length)
  return at >= end ? '' : new TextDecoder('latin1').decode(new Uint8Array(view.buffer, view.byteOffset + at, end - at))
}

export function bytesOf(view: DataView, at = 0): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, view.byteLength - at)
}

/** Adobe's XMP writes places as exif:GPSLatitude, whatever file it lies in. */
export function xmpNamesPlace(view: DataView): boolean {
  return textOf(view, 0, view.byteLength).includes('GPSLatitude')
}

/** Exif in a JPEG begins with its own name; elsewhere some writers keep that name and others do not. */
export function exifBody(view: DataView): Uint8Array {
  return bytesOf(view, textOf(view, 0, 4) === 'Exif' ? 6 : 0)
}
