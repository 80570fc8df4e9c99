/** How strongly a device moved over time: the strip of a pose or IMU track. */
import { z } from 'zod'
import { DerivedCache } from './derived-cache.ts'

const motionSchema = z.object({
  startSeconds: z.number(),
  stepSeconds: z.number().positive(),
  values: z.array(z.number()),
})

export interface Motion {
  /** 0 to 1 of the strongest moment; 0 outside the recording. */
  at(clockSeconds: number): number
}

const motions = new DerivedCache<Motion>()

export function loadedMotion(streamId: string): Motion | null {
  return motions.get(streamId)
}

/** Fetches the strip of a stream unless it is there. */
export async function loadMotion(assetId: string, streamId: string, streamIndex: number): Promise<void> {
  await motions.load(streamId, async () => {
    const response = await fetch(`/media/${assetId}/motion?stream=${streamIndex}`)
    const parsed = response.status === 200 ? motionSchema.safeParse(await response.json()) : null
    return parsed?.success ? motionFrom(parsed.data) : null
  })
}

function motionFrom({ startSeconds, stepSeconds, values }: z.infer<typeof motionSchema>): Motion {
  return { at: (seconds) => values[Math.floor((seconds - startSeconds) / stepSeconds)] ?? 0 }
}
