/**
 * Where ffmpeg and ffprobe are. Both stay separate programs: nothing of them is linked into this one.
 */
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { printedBy } from '../programs.ts'
import { keptAnswer } from './tool-answers.ts'

/** ffmpeg and ffprobe as found on this machine. */
export interface MediaTool {
  readonly path: string
  /** As the tool prints it, e.g. `5.1.9-0+deb12u1`. */
  readonly version: string
  /** Where it was found, for people: "ASTERISM_FFMPEG", "ffmpeg-static", "PATH". */
  readonly origin: string
}

export interface MediaTools {
  readonly ffmpeg: MediaTool | null
  readonly ffprobe: MediaTool | null
  /** Where film files are kept that are made of what lies in recordings and can be made again; else a temporary folder. */
  readonly filmFolder?: string
}

/** A place that was looked at and passed over. */
interface RejectedTool {
  readonly tool: ToolName
  readonly path: string
  readonly origin: string
  /** Why, as a sentence. */
  readonly reason: string
}

export interface MediaToolSearch {
  readonly tools: MediaTools
  readonly rejected: readonly RejectedTool[]
}

type ToolName = 'ffmpeg' | 'ffprobe'
type Environment = Readonly<Record<string, string | undefined>>

interface Candidate {
  readonly path: string
  readonly origin: string
}

/** Older ones play timelines wrongly: their fps and concat filters gave 15 s for an edit of 9 s. */
const OLDEST_MAJOR = 5
const VERSION_TIMEOUT_MILLISECONDS = 10_000
const DECIDING_VARIABLES = ['ASTERISM_FFMPEG', 'ASTERISM_FFPROBE', 'FFMPEG_BIN', 'PATH', 'Path'] as const
const FIX = say('media.fix.tool')

const searches = new Map<string, Promise<MediaToolSearch>>()

/**
 * Finds the tools, in this order: the variables ASTERISM_FFMPEG / ASTERISM_FFPROBE and FFMPEG_BIN, the packaged
 * resources, ffmpeg-static, PATH; ffprobe first beside the chosen ffmpeg. A candidate counts when it exists and
 * answers `-version` as ffmpeg 5 or newer (asked once for each build of it, see tool-answers.ts). The answer is kept
 * for the life of the process.
 */
export async function resolveMediaTools(env: Environment = process.env): Promise<MediaTools> {
  return (await searchMediaTools(env)).tools
}

/** Like `resolveMediaTools`, with what was passed over and why. */
export function searchMediaTools(env: Environment = process.env): Promise<MediaToolSearch> {
  const key = JSON.stringify(DECIDING_VARIABLES.map((name) => env[name] ?? null))
  const known = searches.get(key)
  if (known) return known
  const search = runSearch(env)
  searches.set(key, search)
  return search
}

/** The tool, or `tool_missing` with what to do. */
export function requireTool(tools: MediaTools, name: ToolName): MediaTool {
  const tool = tools[name]
  if (!tool) throw new AsterismError('tool_missing', say('media.toolMissing', { name }), { fix: FIX })
  return tool
}

async function runSearch(env: Environment): Promise<MediaToolSearch> {
  const rejected: RejectedTool[] = []
  const ffmpeg = await firstUsable('ffmpeg', ffmpegCandidates(env), rejected)
  const ffprobe = await firstUsable('ffprobe', ffprobeCandidates(env, ffmpeg), rejected)
  return { tools: { ffmpeg, ffprobe }, rejected }
}

function ffmpegCandidates(env: Environment): Candidate[] {
  const staticPath = ffmpegStaticPath()
  return [
    ...fromVariable(env, 'ASTERISM_FFMPEG'),
    ...fromVariable(env, 'FFMPEG_BIN'),
    ...fromResources('ffmpeg'),
    ...(staticPath === null ? [] : [{ path: staticPath, origin: 'ffmpeg-static' }]),
    ...fromPath(env, 'ffmpeg'),
  ]
}

function ffprobeCandidates(env: Environment, ffmpeg: MediaTool | null): Candidate[] {
  return [
    ...fromVariable(env, 'ASTERISM_FFPROBE'),
    ...(ffmpeg ? [{ path: join(dirname(ffmpeg.path), executable('ffprobe')), origin: ffmpeg.origin }] : []),
    ...fromResources('ffprobe'),
    ...fromPath(env, 'ffprobe'),
  ]
}

function fromVariable(env: Environment, name: string): Candidate[] {
  const path = env[name]
  return path ? [{ path, origin: name }] : []
}

/** Electron sets `resourcesPath`; plain Node has no such property. */
function fromResources(name: ToolName): Candidate[] {
  const resources = 'resourcesPath' in process ? process.resourcesPath : undefined
  if (typeof resources !== 'string') return []
  return [
    { path: join(resources, executable(name)), origin: 'packaged' },
    { path: join(resources, 'ffmpeg', executable(name)), origin: 'packaged' },
  ]
}

function fromPath(env: Environment, name: ToolName): Candidate[] {
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => ({ path: join(directory, executable(name)), origin: 'PATH' }))
}

function executable(name: ToolName): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}

/** Its installer may have failed, so the path is a hint only: it can be missing, or name a file that is not there. */
function ffmpegStaticPath(): string | null {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static')
    return typeof path === 'string' ? path : null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

async function firstUsable(
  tool: ToolName,
  candidates: readonly Candidate[],
  rejected: RejectedTool[],
): Promise<MediaTool | null> {
  for (const { path, origin } of candidates) {
    const answer = await examine(tool, path)
    if ('version' in answer) return { path, origin, version: answer.version }
    // A folder of PATH without the tool in it is no news.
    if (origin !== 'PATH' || answer.exists) rejected.push({ tool, path, origin, reason: answer.reason })
  }
  return null
}

type Examination = { readonly version: string } | { readonly exists: boolean; readonly reason: string }

async function examine(tool: ToolName, path: string): Promise<Examination> {
  const isFile = await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
  if (!isFile) return { exists: false, reason: 'There is no such file.' }
  const answer = await keptAnswer(path, '-version', () => askVersion(path))
  if (answer === null) return { exists: true, reason: 'It does not run.' }
  const parsed = parseVersion(tool, answer)
  if (!parsed) return { exists: true, reason: `It does not answer as ${tool}.` }
  if (parsed.major < OLDEST_MAJOR) {
    return { exists: true, reason: `Version ${parsed.version} is older than ${OLDEST_MAJOR}.` }
  }
  return { version: parsed.version }
}

function askVersion(path: string): Promise<string | null> {
  return printedBy(path, ['-version'], VERSION_TIMEOUT_MILLISECONDS)
}

/**
 * The version and its major number out of what `-version` prints. Builds from a development branch carry no release
 * number ("N-109542-g…", "2024-06-01-git-…"): those are dated by libavutil, whose major was 57 in ffmpeg 5.
 */
export function parseVersion(tool: ToolName, answer: string): { version: string; major: number } | null {
  const version = new RegExp(`^${tool} version (\\S+)`, 'm').exec(answer)?.[1]
  if (!version) return null
  const release = /^n?(\d{1,2})(?:\.|$|-)/.exec(version)?.[1]
  if (release) return { version, major: Number(release) }
  const library = /^libavutil\s+(\d+)\./m.exec(answer)?.[1]
  return library ? { version, major: Number(library) - 52 } : null
}
