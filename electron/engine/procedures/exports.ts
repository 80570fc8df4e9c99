import { lookAtPlace } from '../publish/export-place.ts'
import { exportSource } from '../publish/export-source.ts'
import { EXPORTERS } from '../publish/export/index.ts'
import { encodedPictures, extraSeconds, planLossless } from '../publish/lossless/plan-cut.ts'
import { viewProject } from '../publish/package/project-view.ts'
import { exportFormatSchema } from '../../../shared/contract/export.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

/** The exporters, and the state of the place that an export would go to. */
export function exportProcedures(session: Session) {
  return {
    formats: implementer.exports.formats.handler(() =>
      EXPORTERS.map(({ id, title, purpose, extension, presets }) => ({
        id: exportFormatSchema.parse(id),
        title,
        purpose,
        extension,
        presets: (presets ?? []).map((preset) => ({ id: preset.id, title: preset.title })),
      })),
    ),
    look: implementer.exports.look.handler(({ input }) => lookAtPlace(session, input.format, input.place)),
    lossless: implementer.exports.lossless.handler(async ({ input, signal = new AbortController().signal }) => {
      const source = await exportSource(session)
      const plan = await planLossless(viewProject(source.records), source, input.way, signal)
      return { kept: [...plan.kept], extraSeconds: extraSeconds(plan), encodedPictures: encodedPictures(plan) }
    }),
  }
}
