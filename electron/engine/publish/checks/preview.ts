/** A market has something to show. */
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { finding, type PackageCheck } from './check.ts'

export const hasPreview: PackageCheck = {
  id: 'preview',
  blocking: false,
  run({ preview }) {
    if (preview.video !== null) {
      return Promise.resolve(
        finding(true, say('check.preview', { megabytes: fixedAmount(preview.video.bytes / 1e6, 1) })),
      )
    }
    if (preview.poster !== null) return Promise.resolve(finding(true, say('check.poster')))
    return Promise.resolve(finding(false, say('check.noPreview'), say('check.fix.noPreview')))
  },
}
