import { z } from 'zod'

/** A file or folder that the host showed to the engine; opaque, so that the window never sees a path. */
export const fileToken = z.string().regex(/^file-[0-9a-f]{32}$/)
