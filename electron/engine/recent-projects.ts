/** Projects that were open on this machine, with the titles that they had when closed. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const MOST_RECENT = 30

export interface RecentProject {
  readonly path: string
  /** Absent if it was never recorded. */
  readonly title?: string | undefined
}

/** Older versions wrote the path alone. */
const recentSchema = z.array(
  z.union([
    z.string().transform((path): RecentProject => ({ path })),
    z.object({ path: z.string(), title: z.string().optional() }),
  ]),
)

const fileIn = (home: string): string => join(home, 'recent-projects.json')

/** Latest first. A damaged list counts as empty, so that the program still starts. */
export function recentProjects(home: string): RecentProject[] {
  const file = fileIn(home)
  if (!existsSync(file)) return []
  try {
    return recentSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? []
  } catch {
    return []
  }
}

/** If the list cannot be written (a home without room, or that is read-only) it stays as it was, and nothing fails. */
function write(home: string, projects: readonly RecentProject[]): void {
  const temporary = `${fileIn(home)}.${process.pid}`
  try {
    mkdirSync(home, { recursive: true })
    writeFileSync(temporary, JSON.stringify(projects.slice(0, MOST_RECENT), null, 2))
    renameSync(temporary, fileIn(home))
  } catch {
    removeHalf(temporary)
  }
}

function removeHalf(temporary: string): void {
  try {
    rmSync(temporary, { force: true })
  } catch {
    return
  }
}

/** Moves a project to the front. */
export function rememberProject(home: string, project: RecentProject): void {
  write(home, [project, ...recentProjects(home).filter(({ path }) => path !== project.path)])
}

/** Updates the title of a listed project; one that is not listed (such as another machine's copy) is ignored. */
export function retitleProject(home: string, path: string, title: string): void {
  const known = recentProjects(home)
  if (!known.some((each) => each.path === path && each.title !== title)) return
  write(
    home,
    known.map((each) => (each.path === path ? { path, title } : each)),
  )
}
