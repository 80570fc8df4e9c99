/** Media types of what is served, by the short names of containers and pictures. */
const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  '3gp': 'video/3gpp',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  mpeg: 'video/mpeg',
  mpegts: 'video/mp2t',
  asf: 'video/x-ms-asf',
  flv: 'video/x-flv',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  aiff: 'audio/aiff',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  glb: 'model/gltf-binary',
  gltf: 'model/gltf+json',
}

/** @param format As an asset's `format`. Unknown ones are plain bytes. */
export function contentTypeOf(format: string): string {
  return TYPES[format] ?? 'application/octet-stream'
}
