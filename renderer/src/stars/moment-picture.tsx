import { AudioLines, Box } from 'lucide-react'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Asset } from '../../../shared/document/records.ts'
import { clockSecondsAt } from '../stage/clip-time.ts'
import { tileStyle, useThumbnails } from '../state/thumbnails.ts'

export function assetIn(document: Document, id: string): Asset | null {
  const record = document.get(id)
  return record?.kind === 'asset' ? record : null
}

/** What a recording showed at a moment of its own clock; a sign where it has no picture. */
export function MomentPicture({ asset, seconds, width }: { asset: Asset; seconds: number; width: number }) {
  const sheet = useThumbnails(asset.id)
  if (!sheet) {
    const Icon = asset.assetKind === 'scan' ? Box : AudioLines
    return (
      <span className="moment-picture" style={{ width, height: (width * 9) / 16 }}>
        <Icon size={18} aria-hidden />
      </span>
    )
  }
  return <span className="moment-picture" style={tileStyle(sheet.tileAt(seconds), width)} />
}

/** The moment on a recording's own clock at a moment of the project. */
export function secondsOnAsset(document: Document, assetId: string, projectSeconds: number): number {
  const streams = recordsOf(document, 'stream').filter((stream) => stream.assetId === assetId)
  const stream = streams.find((each) => each.sensor === 'video') ?? streams[0]
  return stream ? clockSecondsAt(document, stream, projectSeconds) : projectSeconds
}
