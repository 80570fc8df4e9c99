import { useState, type ReactNode } from 'react'

interface StillImageProps {
  readonly assetId: string
  readonly className: string
  /** In place of what the browser cannot show. */
  readonly otherwise: ReactNode
}

/** A picture that does not move, from its own file; its name stands beside it. */
export function StillImage({ assetId, className, otherwise }: StillImageProps) {
  const [failed, setFailed] = useState<string | null>(null)
  if (failed === assetId) return otherwise
  return (
    <img
      className={className}
      src={`/media/${assetId}/original`}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setFailed(assetId)}
    />
  )
}
