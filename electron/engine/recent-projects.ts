/** Which projects were open on this machine, by the titles that they had when they were closed. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const MOST_RECENT = 30

export interface RecentProject {
  readonly path: string
  /** Absent where it was never told. */
  readonly title?: string | undefined
}

/** A path alone is how entries were written before they had titles. */
const recentSchema = z.array(
  z.union([
    z.string().transform((path): RecentProject => ({ path })),
    z.object({ path: z.string(), title: z.string().optional() }),
  ]),
)

const fileIn = (home: string): string => join(home, 'recent-projects.json')

/** The latest first. A damaged list of recent projects is worth less than starting. */
export function recentProjects(home: string): RecentProject[] {
  const file = fileIn(home)
  if (!existsSync(file)) return []
  try {
    return recentSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? []
  } catch {
    return []
  }
}

function write(home: string, projects: readonly RecentProject[]): void {
  mkdirSync(home, { recursive: true })
  const temporary = `${fileIn(home)}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(projects.slice(0, MOST_RECENT), null, 2))
  renameSync(temporary, fileIn(home))
}

/** Puts a project first. */
export function rememberProject(home: string, project: RecentProject): void {
  write(home, [project, ...recentProjects(home).filter(({ path }) => path !== project.path)])
}

/**
 * Keeps the title of a project that is known; of one that is not, as of a copy of another machine's, nothing. Where the
 * list cannot be written the title stays what it was: nothing fails for that.
 */
export function retitleProject(home: string, path: string, title: string): void {
  const known = recentProjects(home)
  if (!known.some((each) => each.path === path && each.title !== title)) return
  const retitled = known.map((each) => (each.path === path ? { path, title } : each))
  try {
    write(home, retitled)
  } catch {
    return
  }
}
