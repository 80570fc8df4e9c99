/** A market has something to show. */
import type { PackageCheck } from './check.ts'

export const hasPreview: PackageCheck = {
  id: 'preview',
  blocking: false,
  run({ preview }) {
    if (preview.video !== null) {
      return Promise.resolve({ ok: true, detail: `The preview has ${(preview.video.bytes / 1e6).toFixed(1)} MB.` })
    }
    if (preview.poster !== null)
      return Promise.resolve({ ok: true, detail: 'There is a picture and no video to show.' })
    return Promise.resolve({
      ok: false,
      detail: 'There is nothing to show: the package holds no video, picture or sound, or ffmpeg is missing.',
      fix: 'Add a picture to the project if the work should be seen before it is bought.',
    })
  },
}
