/** ffmpeg and ffprobe as found on this machine. */
export interface MediaTool {
  readonly path: string
  /** As the tool prints it, e.g. `5.1.9-0+deb12u1`. */
  readonly version: string
  /** Where it was found, for people: "ASTERISM_FFMPEG", "ffmpeg-static", "PATH". */
  readonly origin: string
}

export interface MediaTools {
  readonly ffmpeg: MediaTool | null
  readonly ffprobe: MediaTool | null
}
