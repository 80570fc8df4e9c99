/** The programs that the generator starts; the environment may name others. */
const { FFMPEG = 'ffmpeg', FFPROBE = 'ffprobe', ESPEAK = 'espeak-ng', CHROMIUM = '/usr/bin/chromium' } = process.env

export const TOOLS = { ffmpeg: FFMPEG, ffprobe: FFPROBE, espeak: ESPEAK, chromium: CHROMIUM }
