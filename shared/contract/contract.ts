/**
 * The engine's only interface. oRPC carries it over a MessagePort (desktop), a WebSocket (browser) and by direct call
 * (command line, tests). An error has a code of the closed set in errors.ts, and what the user can do.
 */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { patchSchema } from '../document/patches.ts'
import { recordSchema } from '../document/records.ts'
import { doctorAnswer, practiceAnswer } from './answers.ts'
import { nameNodesInput, networksAnswer } from './chain-acts.ts'
import { mediaContract } from './media.ts'
import { microscopeContract } from './microscope.ts'
import { listsContract } from './lists.ts'
import { packsContract } from './packs.ts'
import { base } from './base.ts'
import { commentaryContract } from './commentary.ts'
import { exportsContract } from './export.ts'
import { modelsContract } from './models.ts'
import { pendingAnswer, takenSignedAnswer } from './pending.ts'
import { preferencesContract } from './preferences.ts'
import { spaceContract } from './space.ts'
import { walletsContract } from './wallets.ts'
import { fileToken, JOB_KINDS, jobSchema } from './jobs.ts'

const historySchema = z.object({
  canUndo: z.boolean(),
  canRedo: z.boolean(),
  undoLabel: z.string().nullable(),
  redoLabel: z.string().nullable(),
})
export type History = z.infer<typeof historySchema>

/** First the whole document, then every change to it. */
const documentEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    revision: z.number().int(),
    records: z.array(recordSchema),
    history: historySchema,
  }),
  z.object({
    type: z.literal('change'),
    revision: z.number().int(),
    patches: z.array(patchSchema),
    label: z.string(),
    /** The name that its window gave it; null if it did not come from a window. */
    gesture: z.string().nullable(),
    history: historySchema,
  }),
  z.object({ type: z.literal('closed') }),
])
export type DocumentEvent = z.infer<typeof documentEventSchema>

/** The name that a window gives its undo or redo; it comes back with the change. */
const travelInput = z.object({ gesture: z.string().max(80).optional() }).optional()

export const MOST_TITLE_LETTERS = 120
const projectTitle = z.string().min(1).max(MOST_TITLE_LETTERS)
const projectEntry = z.object({ id: z.string(), title: z.string(), modifiedAt: z.string(), open: z.boolean() })
export type ProjectEntry = z.infer<typeof projectEntry>

const folderEntry = z.object({
  token: fileToken,
  name: z.string(),
  isDirectory: z.boolean(),
  byteLength: z.number(),
})

export const contract = {
  app: {
    info: base.output(
      z.object({
        version: z.string(),
        mediaTools: z.object({ ffmpeg: z.string().nullable(), ffprobe: z.string().nullable() }),
        project: projectEntry.nullable(),
        notices: z.array(z.string()),
      }),
    ),
    doctor: base.output(doctorAnswer),
  },
  /** Browses the engine's machine by opaque tokens, for hosts without a native file dialog. */
  files: {
    browse: base.input(z.object({ folder: fileToken.nullable() })).output(
      z.object({
        /** Names of the folder and its parents, outermost first; empty at the top. */
        names: z.array(z.string()),
        folder: fileToken,
        parent: fileToken.nullable(),
        entries: z.array(folderEntry),
      }),
    ),
    sample: base.output(z.array(fileToken)),
  },
  projects: {
    list: base.output(z.array(projectEntry)),
    create: base.input(z.object({ title: projectTitle })).output(projectEntry),
    open: base.input(z.object({ id: z.string() })).output(projectEntry),
    /** A project file chosen in the host's own dialog. */
    openFile: base
      .input(z.object({ file: fileToken, create: z.boolean(), title: projectTitle.optional() }))
      .output(projectEntry),
    close: base.output(z.object({ closed: z.boolean() })),
  },
  document: {
    watch: base.output(eventIterator(documentEventSchema)),
    commit: base
      .input(
        z.object({
          label: z.string().min(1).max(120),
          patches: z.array(patchSchema).min(1).max(100_000),
          mergeKey: z.string().max(120).optional(),
          /** Comes back with the change, so that a window recognises its own gesture. */
          gesture: z.string().max(80).optional(),
          /**
           * The revision that the patches were made from. Later revisions are a conflict only if they touched the same
           * records.
           */
          baseRevision: z.number().int(),
        }),
      )
      .output(z.object({ revision: z.number().int() })),
    undo: base.input(travelInput).output(z.object({ label: z.string().nullable() })),
    redo: base.input(travelInput).output(z.object({ label: z.string().nullable() })),
  },
  view: {
    get: base.input(z.object({ key: z.string().max(80) })).output(z.object({ value: z.json().nullable() })),
    set: base.input(z.object({ key: z.string().max(80), value: z.json() })).output(z.object({ kept: z.boolean() })),
  },
  preferences: preferencesContract,
  jobs: {
    start: base
      .input(z.object({ kind: z.enum(JOB_KINDS), input: z.unknown() }))
      .output(z.object({ jobId: z.string() })),
    list: base.output(z.array(jobSchema)),
    /** Every job in its current state, then each change of any job. */
    watch: base.output(eventIterator(jobSchema)),
    cancel: base.input(z.object({ jobId: z.string() })).output(z.object({ cancelled: z.boolean() })),
    /** Resumes an interrupted, failed or cancelled job. */
    resume: base.input(z.object({ jobId: z.string() })).output(z.object({ jobId: z.string() })),
    dismiss: base.input(z.object({ jobId: z.string() })).output(z.object({ dismissed: z.boolean() })),
  },
  media: mediaContract,
  commentary: commentaryContract,
  exports: exportsContract,
  packs: packsContract,
  lists: listsContract,
  microscope: microscopeContract,
  models: modelsContract,
  space: spaceContract,
  chain: {
    practice: base.output(practiceAnswer),
    practiceStop: base.output(practiceAnswer),
    networks: base.output(networksAnswer),
    /** Sets the nodes of a network, after the user agreed on the confirmation page. */
    nameNodes: base.input(nameNodesInput).output(networksAnswer),
    pending: base.input(z.object({ network: z.string() })).output(pendingAnswer),
    /** Takes in a transaction signed on another machine; sending it is a separate step. */
    takeSigned: base.input(z.object({ file: fileToken })).output(takenSignedAnswer),
  },
  wallets: walletsContract,
}

export type Contract = typeof contract
