import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { ProjectEntry } from '../../../shared/contract/contract.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

export const PROJECT_EXTENSION = '.asterism'

const recentSchema = z.array(z.string())

/** Projects by an id that is a digest of their path: the window lists and opens them without ever seeing one. */
function idOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32)
}

function recentFile(home: string): string {
  return join(home, 'recent-projects.json')
}

function projectsFolder(home: string): string {
  return join(home, 'projects')
}

function readRecent(home: string): string[] {
  const file = recentFile(home)
  if (!existsSync(file)) return []
  const parsed = recentSchema.safeParse(safeJson(readFileSync(file, 'utf8')))
  return parsed.success ? parsed.data : []
}

/** A damaged list of recent projects is worth less than starting. */
function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function rememberProject(home: string, path: string): void {
  const recent = [path, ...readRecent(home).filter((known) => known !== path)].slice(0, 30)
  mkdirSync(home, { recursive: true })
  const temporary = `${recentFile(home)}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(recent, null, 2))
  renameSync(temporary, recentFile(home))
}

function knownProjects(home: string): string[] {
  const folder = projectsFolder(home)
  const own = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(PROJECT_EXTENSION))
        .map((name) => join(folder, name))
    : []
  return [...new Set([...readRecent(home), ...own])].filter((path) => existsSync(path))
}

/** A file name from a title: what every file system takes. */
function fileNameOf(title: string): string {
  const plain = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} _.-]/gu, '')
    .replace(/^\.+/, '')
    .trim()
    .slice(0, 80)
  return plain || 'Untitled'
}

export function projectEntryOf(session: Session, path: string): ProjectEntry {
  const open = session.project?.path === path
  const record = open ? session.project?.document.get('project') : undefined
  return {
    id: idOf(path),
    title: record?.kind === 'project' ? record.title : basename(path, PROJECT_EXTENSION),
    modifiedAt: statSync(path).mtime.toISOString(),
    open,
  }
}

export function projectProcedures(session: Session) {
  const home = session.options.home
  const opened = (path: string): ProjectEntry => {
    rememberProject(home, path)
    return projectEntryOf(session, path)
  }
  return {
    list: implementer.projects.list.handler(() =>
      knownProjects(home)
        .map((path) => projectEntryOf(session, path))
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
      const path = knownProjects(home).find((known) => idOf(known) === input.id)
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
