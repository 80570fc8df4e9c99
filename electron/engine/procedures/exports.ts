import { lookAtPlace } from '../publish/export-place.ts'
import { EXPORTERS } from '../publish/export/index.ts'
import { exportFormatSchema } from '../../../shared/contract/export.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

/** What a project can be exported to, and what lies where it would go. */
export function exportProcedures(session: Session) {
  return {
    formats: implementer.exports.formats.handler(() =>
      EXPORTERS.map(({ id, title, extension, presets }) => ({
        id: exportFormatSchema.parse(id),
        title,
        extension,
        presets: (presets ?? []).map((preset) => ({ id: preset.id, title: preset.title })),
      })),
    ),
    look: implementer.exports.look.handler(({ input }) => lookAtPlace(session, input.format, input.place)),
  }
}
