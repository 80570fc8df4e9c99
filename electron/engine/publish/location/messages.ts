/** Positions in recordings of robots and cars: the kinds of their messages stand in them by name. */
import { open } from 'node:fs/promises'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'

/** MCAP, bags of ROS 1, databases of ROS 2. */
export const MESSAGE_FILES = /\.(mcap|bag|db3)$/i
/** Messages that tell a place on Earth, as ROS, Foxglove and drivers of receivers name their kinds. */
const PLACES =
  /NavSatFix|LocationFix|GPSFix|GeoPointStamped|GeoPoseStamped|NavPVT|NavHPPOSLLH|NavPosLLH|GnssFix|BESTPOS|nmea_msgs/
/** They are named where the recording begins and in its index at the end. */
const LOOK_BYTES = 4 << 20

/** Why a recording of messages seems to tell where it was made, or null. Reads at most 8 MiB of it. */
export async function findMessageLocation(path: string): Promise<Saying | null> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.min(LOOK_BYTES, size))
    for (const from of new Set([0, size - buffer.length])) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
      const named = PLACES.exec(buffer.toString('latin1', 0, bytesRead))
      if (named) return say('check.location.messages', { kind: named[0] })
    }
    return null
  } finally {
    await handle.close()
  }
}
