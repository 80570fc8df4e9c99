/** How strongly a device moved over time: the strip of a pose or IMU track. */
import { z } from 'zod'

const motionSchema = z.object({
  startSeconds: z.number(),
  stepSeconds: z.number().positive(),
  values: z.array(z.number()),
})

export interface Motion {
  /** 0 to 1 of the strongest moment; 0 outside the recording. */
  at(clockSeconds: number): number
}

const known = new Map<string, Motion | 'loading' | 'none'>()

export function loadedMotion(_assetId: string, streamId: string): Motion | null {
  const motion = known.get(streamId)
  return typeof motion === 'object' ? motion : null
}

/** Fetches the strip of a stream unless that has been done. */
export async function loadMotion(assetId: string, streamId: string, streamIndex: number): Promise<void> {
  if (known.has(streamId)) return
  known.set(streamId, 'loading')
  const response = await fetch(`/media/${assetId}/motion?stream=${streamIndex}`)
  const parsed = response.ok ? motionSchema.safeParse(await response.json()) : null
  known.set(streamId, parsed?.success ? motionFrom(parsed.data) : 'none')
}

function motionFrom({ startSeconds, stepSeconds, values }: z.infer<typeof motionSchema>): Motion {
  return { at: (seconds) => values[Math.floor((seconds - startSeconds) / stepSeconds)] ?? 0 }
}
