import { useState, type PointerEvent } from 'react'
import type { LucideIcon } from 'lucide-react'
import { tileStyle, useThumbnails } from '../state/thumbnails.ts'

const WIDTH = 64
/** Of what was filmed upright: its row is no higher than others. */
const MOST_HEIGHT = 48

/** The first picture of a recording; moving the pointer over it scrubs through it. */
export function HoverThumbnail({ assetId, Icon }: { assetId: string; Icon: LucideIcon }) {
  const sheet = useThumbnails(assetId)
  const [fraction, setFraction] = useState(0.15)
  if (!sheet) {
    return (
      <span className="asset__icon">
        <Icon size={19} aria-hidden />
      </span>
    )
  }
  const tile = sheet.tileAt(sheet.durationSeconds * fraction)
  const width = Math.min(WIDTH, (MOST_HEIGHT * tile.width) / tile.height)
  const onMove = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    setFraction(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)))
  }
  return (
    <span
      className="asset__thumb"
      onPointerMove={onMove}
      onPointerLeave={() => setFraction(0.15)}
      style={{ ...tileStyle(tile, width), marginInline: (WIDTH - width) / 2 }}
    />
  )
}
