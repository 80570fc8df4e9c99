import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ProjectEntry } from '../../../shared/contract/contract.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { recentProjects, rememberProject, type RecentProject } from '../recent-projects.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

const PROJECT_EXTENSION = '.asterism'

/** Projects, identified by a digest of their path, so that the window can list and open them without seeing a path. */
function idOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32)
}

function projectsFolder(home: string): string {
  return join(home, 'projects')
}

/** With their known titles. */
function knownProjects(home: string): RecentProject[] {
  const folder = projectsFolder(home)
  const own = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(PROJECT_EXTENSION))
        .map((name) => ({ path: join(folder, name) }))
    : []
  const recent = recentProjects(home)
  const listed = new Set(recent.map(({ path }) => path))
  return [...recent, ...own.filter(({ path }) => !listed.has(path))].filter(({ path }) => existsSync(path))
}

/** Turns a title into a file name that every file system accepts. */
function fileNameOf(title: string): string {
  const plain = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} _.-]/gu, '')
    .replace(/^\.+/, '')
    .trim()
    .slice(0, 80)
  return plain || 'Untitled'
}

/** @param title as it is known where the project is not open */
export function projectEntryOf(session: Session, { path, title }: RecentProject): ProjectEntry {
  const open = session.project?.path === path
  const record = open ? session.project?.document.get('project') : undefined
  return {
    id: idOf(path),
    title: record?.kind === 'project' ? record.title : (title ?? basename(path, PROJECT_EXTENSION)),
    modifiedAt: statSync(path).mtime.toISOString(),
    open,
  }
}

export function projectProcedures(session: Session) {
  const home = session.options.home
  const opened = (path: string): ProjectEntry => {
    const entry = projectEntryOf(session, { path })
    rememberProject(home, { path, title: entry.title })
    return entry
  }
  return {
    list: implementer.projects.list.handler(() =>
      knownProjects(home)
        .map((known) => projectEntryOf(session, known))
        .sort((a, b) => (a.modifiedAt < b.modifiedAt ? 1 : -1)),
    ),

    create: implementer.projects.create.handler(async ({ input }) => {
      const folder = projectsFolder(home)
      mkdirSync(folder, { recursive: true })
      const name = fileNameOf(input.title)
      let path = join(folder, `${name}${PROJECT_EXTENSION}`)
      for (let n = 2; existsSync(path); n++) path = join(folder, `${name} ${n}${PROJECT_EXTENSION}`)
      await session.createProject(path, input.title)
      return opened(path)
    }),

    open: implementer.projects.open.handler(async ({ input }) => {
      const path = knownProjects(home).find((known) => idOf(known.path) === input.id)?.path
      if (!path) throw new AsterismError('not_found', say('project.gone'))
      if (session.project?.path !== path) await session.openProject(path)
      return opened(path)
    }),

    openFile: implementer.projects.openFile.handler(async ({ input }) => {
      const path = session.files.resolve(input.file)
      if (input.create) await session.createProject(path, input.title ?? basename(path, PROJECT_EXTENSION))
      else await session.openProject(path)
      return opened(path)
    }),

    close: implementer.projects.close.handler(async () => {
      const wasOpen = session.project !== null
      await session.closeProject()
      return { closed: wasOpen }
    }),
  }
}
