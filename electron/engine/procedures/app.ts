import { examineMachine } from '../doctor/index.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'
import { projectEntryOf } from './projects.ts'

export function appProcedures(session: Session) {
  return {
    info: implementer.app.info.handler(async () => {
      const tools = await session.tools()
      return {
        version: session.options.version,
        mediaTools: {
          ffmpeg: tools.ffmpeg && `${tools.ffmpeg.version} (${tools.ffmpeg.origin})`,
          ffprobe: tools.ffprobe && `${tools.ffprobe.version} (${tools.ffprobe.origin})`,
        },
        project: session.project ? projectEntryOf(session, session.project) : null,
        notices: session.project?.repaired.length
          ? [
              `${session.project.repaired.length} damaged record(s) were rebuilt from the journal. A copy of the file is in its backups.`,
            ]
          : [],
      }
    }),
    doctor: implementer.app.doctor.handler(async () => ({ checks: await examineMachine(session) })),
  }
}
