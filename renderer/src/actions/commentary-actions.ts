import { toggleRecording } from '../commentary/recorder.ts'
import { useSession } from '../state/session-store.ts'
import type { Action } from './action.ts'
import { needsTracks } from './requirements.ts'

export const commentaryActions: readonly Action[] = [
  {
    id: 'record',
    group: 'playback',
    shortcuts: ['Alt+R'],
    disabledReason: needsTracks,
    run: async (c) => {
      useSession.setState({ workspace: 'edit', editTab: 'commentary' })
      await toggleRecording(c)
    },
  },
]
